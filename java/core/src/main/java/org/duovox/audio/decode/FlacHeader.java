package org.duovox.audio.decode;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/// The STREAMINFO block of a FLAC file (RFC 9639, 8.2), as it stands there: nothing in it can be
/// trusted.
///
/// @param depth bits of one sample
/// @param total samples per channel; 0: unknown
/// @param signature the MD5 sum of all samples, in hexadecimal digits; "" where there is none
record FlacHeader(int rate, int channels, int depth, long total, String signature) {
  static final int MAGIC = 0x664C6143;

  /// The first eight bytes of a stream, without the bit that says that no more metadata follow.
  static final long BEGIN = 0x664C_6143_0000_0022L;

  static final long LAST_BLOCK = 0x8000_0000L;

  private static final int BYTES = 8 + 34;
  private static final int SUM_AT = 8 + 18;
  private static final long MOST = 0xF_FFFF_FFFFL;
  // Writers that cannot know better fill the 36 bits; some round down to whole frames.
  private static final long NEAR = 1 << 16;
  // A frame of silence: its header, the largest number of samples, one of them, the checksum.
  private static final long LEAST_FRAME = 12;
  private static final long MOST_SAMPLES = 1 << 16;

  /// The header of a file that begins with these bytes; empty for other formats.
  static Optional<FlacHeader> of(byte[] head) {
    ByteBuffer buffer = ByteBuffer.wrap(head);
    if (head.length < BYTES || (buffer.getLong(0) & ~LAST_BLOCK) != BEGIN) {
      return Optional.empty();
    }
    long packed = buffer.getLong(8 + 10);
    String sum = HexFormat.of().formatHex(head, SUM_AT, BYTES);
    return Optional.of(
        new FlacHeader(
            (int) (packed >>> 44),
            (int) (packed >>> 41 & 7) + 1,
            (int) (packed >>> 36 & 31) + 1,
            packed & MOST,
            sum.matches("0*") ? "" : sum));
  }

  /// Whether the length is a placeholder, so that the samples go on to the end.
  boolean isOpen() {
    return total > MOST - NEAR;
  }

  /// Samples per channel that are promised; 0: the header does not know.
  long promised() {
    return isOpen() ? 0 : total;
  }

  /// Whether a file of so many bytes has no room for what is promised, were it all silence.
  boolean exceeds(long bytes) {
    return promised() > (bytes / LEAST_FRAME + 1) * MOST_SAMPLES;
  }
}
