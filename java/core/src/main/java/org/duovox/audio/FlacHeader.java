package org.duovox.audio;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// The STREAMINFO block of a FLAC file (RFC 9639, 8.2), of which only the length is wanted.
final class FlacHeader {
  private static final int MAGIC = 0x664C6143;
  private static final int STREAMINFO_END = 8 + 34;
  private static final int TOTAL_SAMPLES_AT = 8 + 10;

  private FlacHeader() {}

  /// Samples per channel that the header promises; empty for another format or a stream of unknown
  /// length.
  static OptionalLong totalSamples(byte[] head) {
    ByteBuffer buffer = ByteBuffer.wrap(head);
    if (head.length < STREAMINFO_END || buffer.getInt(0) != MAGIC || (head[4] & 0x7F) != 0) {
      return OptionalLong.empty();
    }
    // 20 bits of rate, 3 of channels, 5 of sample size, 36 of length.
    long total = buffer.getLong(TOTAL_SAMPLES_AT) & 0xF_FFFF_FFFFL;
    return total == 0 ? OptionalLong.empty() : OptionalLong.of(total);
  }
}
