package org.duovox.io.tensors;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;

/// A temporary file that takes little-endian numbers in any order and gives back stretches of it.
/// For one thread.
final class Spool implements AutoCloseable {
  private static final int CHUNK = 1 << 18;

  private final Path target;
  private final Path temporary;
  private final FileChannel data;
  private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
  private long written;
  private boolean open = true;

  /// Bytes that belong together: stretches of the file, in their order.
  static final class Extents {
    private record Extent(long begin, long end) {}

    private final List<Extent> extents = new ArrayList<>();
    private long bytes;

    /// Adds a stretch; one that follows the last at once becomes part of it.
    void add(long begin, long end) {
      bytes += end - begin;
      if (!extents.isEmpty() && extents.getLast().end() == begin) {
        extents.set(extents.size() - 1, new Extent(extents.getLast().begin(), end));
      } else if (begin < end) {
        extents.add(new Extent(begin, end));
      }
    }

    long bytes() {
      return bytes;
    }
  }

  /// @param target of the file that the numbers will become part of, for its place and for messages
  Spool(Path target) {
    this.target = target;
    this.temporary = AtomicFiles.temporarySibling(target);
    try {
      data =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      AtomicFiles.discard(temporary);
      throw DuovoxException.cannotCreate("cannot create " + target, e);
    }
  }

  boolean isOpen() {
    return open;
  }

  /// Appends the buffer's remaining values, which are consumed.
  void append(FloatBuffer values, Extents extents) {
    while (values.hasRemaining()) {
      int n = Math.min(values.remaining(), CHUNK / Float.BYTES);
      buffer.clear();
      buffer.asFloatBuffer().put(values.slice(values.position(), n));
      values.position(values.position() + n);
      drain(n * Float.BYTES, extents);
    }
  }

  /// The same as half-precision floats, each rounded to the nearest.
  void appendHalves(FloatBuffer values, Extents extents) {
    while (values.hasRemaining()) {
      int n = Math.min(values.remaining(), CHUNK / Short.BYTES);
      buffer.clear();
      for (int i = 0; i < n; i++) {
        buffer.putShort(Float.floatToFloat16(values.get()));
      }
      drain(n * Short.BYTES, extents);
    }
  }

  void append(int[] values, Extents extents) {
    for (int from = 0; from < values.length; from += CHUNK / Integer.BYTES) {
      int n = Math.min(values.length - from, CHUNK / Integer.BYTES);
      buffer.clear();
      buffer.asIntBuffer().put(values, from, n);
      drain(n * Integer.BYTES, extents);
    }
  }

  void append(long[] values, Extents extents) {
    for (int from = 0; from < values.length; from += CHUNK / Long.BYTES) {
      int n = Math.min(values.length - from, CHUNK / Long.BYTES);
      buffer.clear();
      buffer.asLongBuffer().put(values, from, n);
      drain(n * Long.BYTES, extents);
    }
  }

  /// Appends `bytes` bytes of a stream; returns how many were missing at its end.
  long append(InputStream elements, long bytes, Extents extents) throws IOException {
    long left = bytes;
    while (left > 0) {
      int n = elements.readNBytes(buffer.array(), 0, (int) Math.min(CHUNK, left));
      if (n == 0) {
        return left;
      }
      drain(n, extents);
      left -= n;
    }
    return 0;
  }

  private void drain(int bytes, Extents extents) {
    long begin = written;
    buffer.clear().limit(bytes);
    try {
      while (buffer.hasRemaining()) {
        written += data.write(buffer);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
    extents.add(begin, written);
  }

  /// Sends the bytes of the extents to a stream.
  void copy(Extents extents, OutputStream stream) throws IOException {
    for (Extents.Extent extent : extents.extents) {
      for (long at = extent.begin(); at < extent.end(); ) {
        buffer.clear().limit((int) Math.min(CHUNK, extent.end() - at));
        int n = data.read(buffer, at);
        if (n < 0) {
          throw new IOException("the temporary file " + temporary + " became shorter");
        }
        stream.write(buffer.array(), 0, n);
        at += n;
      }
    }
  }

  /// Removes the file.
  @Override
  public void close() {
    if (open) {
      open = false;
      try {
        data.close();
      } catch (IOException e) {
        // The temporary is removed next; nothing of it is wanted any more.
      }
      AtomicFiles.discard(temporary);
    }
  }
}
