package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/// Reads the few bytes of a file that say what it is.
final class HeaderBytes {
  private HeaderBytes() {}

  /// Reads up to `count` bytes from a place on; fewer at the end of the file.
  ///
  /// @return a buffer at position 0 whose limit is the number of bytes
  static ByteBuffer read(SeekableByteChannel channel, long at, int count, ByteOrder order)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(order);
    channel.position(at);
    fill(channel, bytes);
    return bytes.flip();
  }

  /// Reads until the buffer is full or the file ends; returns the number of bytes.
  static int fill(SeekableByteChannel channel, ByteBuffer bytes) throws IOException {
    int before = bytes.position();
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // More to come.
    }
    return bytes.position() - before;
  }

  /// Returns four bytes as characters; "" when the buffer ends before.
  static String text(ByteBuffer bytes, int at) {
    return at + 4 <= bytes.limit()
        ? new String(bytes.array(), at, 4, StandardCharsets.ISO_8859_1)
        : "";
  }
}
