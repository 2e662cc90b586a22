package org.duovox.io.atomic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.ThrowingConsumer;

/// Passes bytes on and keeps their length, CRC32C and SHA-256.
final class SummedStream extends OutputStream {
  private static final int BUFFER = 1 << 18;

  private final ThrowingConsumer<ByteBuffer> next;
  private final CRC32C crc = new CRC32C();
  private final Hashes.LittleEndian sha = new Hashes.LittleEndian();
  private long bytes;

  SummedStream(ThrowingConsumer<ByteBuffer> next) {
    this.next = next;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] values, int from, int count) throws IOException {
    crc.update(values, from, count);
    sha.add(values, from, count);
    bytes += count;
    next.accept(ByteBuffer.wrap(values, from, count));
  }

  /// Length and sums of everything so far; once only.
  SealedFolder.Sums sums() {
    return new SealedFolder.Sums(
        bytes, HexFormat.of().toHexDigits((int) crc.getValue()), sha.finish());
  }

  /// Length and sums of a file.
  static SealedFolder.Sums of(Path file) {
    SummedStream sums = new SummedStream(bytes -> {});
    byte[] buffer = new byte[BUFFER];
    try (InputStream stream = Files.newInputStream(file)) {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        sums.write(buffer, 0, n);
      }
      return sums.sums();
    } catch (NoSuchFileException e) {
      throw DuovoxException.badData(file + " is missing");
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }
}
