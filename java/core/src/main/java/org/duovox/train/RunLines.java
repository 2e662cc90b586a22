package org.duovox.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;

/// A file of lines that grows while a run goes on, and can be cut back to where a checkpoint saw
/// it.
final class RunLines implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final FileChannel channel;

  /// Opens the file, which need not exist, at its end.
  RunLines(Path file) {
    this.file = file;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel.position(channel.size());
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + file, e);
    }
  }

  /// Appends a line.
  void add(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Makes all lines durable and tells their length in bytes.
  long sync() {
    try {
      channel.force(true);
      return channel.position();
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Sum of the first bytes.
  String sha256(long bytes) {
    Hashes.LittleEndian sum = new Hashes.LittleEndian();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try {
      for (long at = 0; at < bytes; at += buffer.position()) {
        buffer.clear().limit((int) Math.min(BUFFER, bytes - at));
        if (channel.read(buffer, at) < 0) {
          break; // Shorter than that: another sum than that of all of them.
        }
        sum.add(buffer.array(), 0, buffer.position());
      }
      return sum.finish();
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// Forgets what comes after the first bytes.
  ///
  /// @param sha256 sum of what must be before
  /// @throws DuovoxException (BAD_DATA) when it is not
  void cut(long bytes, String sha256) {
    try {
      if (Files.size(file) < bytes || !sha256(bytes).equals(sha256)) {
        throw DuovoxException.badData(
            "%s: its first %d bytes are not those that the checkpoint saw; restore the file, or start in another folder"
                .formatted(file, bytes));
      }
      channel.truncate(bytes);
      channel.position(bytes);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DuovoxException.io("cannot close " + file, e);
    }
  }
}
