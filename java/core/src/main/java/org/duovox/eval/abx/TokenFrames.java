package org.duovox.eval.abx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;

/// The frames of many items: in memory as long as they are few, else in a temporary file that is
/// gone when this is closed. Filled by one thread, then read by several.
final class TokenFrames implements AutoCloseable {
  private final int width;
  private final long mostInMemory;
  private final List<float[]> held = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>(List.of(0L));
  private FileChannel file;

  /// @param width values of a frame
  /// @param mostInMemory values that may stay in memory
  TokenFrames(int width, long mostInMemory) {
    this.width = width;
    this.mostInMemory = mostInMemory;
  }

  /// With a quarter of the memory that this process may use.
  static TokenFrames sized(int width) {
    return new TokenFrames(width, Runtime.getRuntime().maxMemory() / 4 / Float.BYTES);
  }

  int width() {
    return width;
  }

  int tokens() {
    return starts.size() - 1;
  }

  /// Number of frames of a token.
  int frames(int token) {
    return (int) ((starts.get(token + 1) - starts.get(token)) / width);
  }

  /// Whether frames have gone to the temporary file.
  boolean isOnDisk() {
    return file != null;
  }

  /// Adds the next token.
  void add(float[] frames) {
    long end = starts.getLast() + frames.length;
    if (file == null && end > mostInMemory) {
      file = temporary();
      held.forEach(this::append);
      held.clear();
    }
    if (file == null) {
      held.add(frames);
    } else {
      append(frames);
    }
    starts.add(end);
  }

  /// Returns the frames of a token, row-major, which the caller must not change.
  float[] read(int token) {
    if (file == null) {
      return held.get(token);
    }
    int count = frames(token) * width;
    ByteBuffer bytes = little(count);
    try {
      for (long at = starts.get(token) * Float.BYTES; bytes.hasRemaining(); ) {
        int n = file.read(bytes, at);
        if (n < 0) {
          throw DuovoxException.unavailable("the temporary file of items became shorter");
        }
        at += n;
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read the temporary file of items", e);
    }
    float[] values = new float[count];
    bytes.flip().asFloatBuffer().get(values);
    return values;
  }

  private void append(float[] frames) {
    ByteBuffer bytes = little(frames.length);
    bytes.asFloatBuffer().put(frames);
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot write a temporary file of items", e);
    }
  }

  private static FileChannel temporary() {
    try {
      Path path = Files.createTempFile("duovox-abx", ".tmp");
      return FileChannel.open(
          path,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create a temporary file of items", e);
    }
  }

  private static ByteBuffer little(int count) {
    return ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // Nothing of it is wanted any more.
      }
    }
  }
}
