package org.duovox.train.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;

/// A text file that grows line by line while a run goes on, and can be cut back to where a
/// checkpoint saw it. Not a channel, since an interruption of the thread would close that and lose
/// the line.
final class RunLines implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final RandomAccessFile lines;

  /// Opens the file at its end; creates it when there is none.
  RunLines(Path file) {
    this.file = file;
    try {
      lines = new RandomAccessFile(file.toFile(), "rw");
      lines.seek(lines.length());
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + file, e);
    }
  }

  /// Appends a line.
  void add(String line) {
    try {
      lines.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Makes all lines durable; returns their length in bytes.
  long sync() {
    try {
      lines.getFD().sync();
      return lines.getFilePointer();
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Returns the SHA-256 of the first bytes.
  String sha256(long bytes) {
    Hashes.LittleEndian sum = new Hashes.LittleEndian();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new FileInputStream(file.toFile())) {
      long left = bytes;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(BUFFER, left));
        if (read < 0) {
          break; // The file is shorter, so its sum differs.
        }
        sum.add(buffer, 0, read);
        left -= read;
      }
      return sum.finish();
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  /// Removes everything after the first bytes.
  ///
  /// @param sha256 sum that the first bytes must have
  /// @throws DuovoxException (BAD_DATA) when they have another
  void cut(long bytes, String sha256) {
    try {
      if (Files.size(file) < bytes || !sha256(bytes).equals(sha256)) {
        throw DuovoxException.badData(
            "%s: its first %d bytes are not those that the checkpoint saw; restore the file, or start in another folder"
                .formatted(file, bytes));
      }
      lines.setLength(bytes);
      lines.seek(bytes);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw DuovoxException.io("cannot close " + file, e);
    }
  }
}
