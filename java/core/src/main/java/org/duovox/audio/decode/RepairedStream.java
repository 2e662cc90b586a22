package org.duovox.audio.decode;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The bytes of a file up to the end of its samples, with the sizes in its header mended, for a
/// program that believes them.
final class RepairedStream extends FilterInputStream {
  private final List<SampleChunk.Size> sizes;
  private final long end;
  private long position;

  /// @param sizes the numbers to mend
  /// @param end of the samples
  RepairedStream(Path file, List<SampleChunk.Size> sizes, long end) throws IOException {
    super(Files.newInputStream(file));
    this.sizes = sizes;
    this.end = end;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (position == end) {
      return -1;
    }
    int count = super.read(bytes, offset, (int) Math.min(length, end - position));
    if (count < 0) {
      throw new IOException("it became shorter while it was read");
    }
    for (SampleChunk.Size size : sizes) {
      byte[] number = size.of(end);
      for (int i = 0; i < number.length; i++) {
        long at = size.at() + i - position;
        if (at >= 0 && at < count) {
          bytes[offset + (int) at] = number[i];
        }
      }
    }
    position += count;
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
