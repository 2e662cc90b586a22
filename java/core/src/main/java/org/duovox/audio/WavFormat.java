package org.duovox.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The `fmt ` chunk of a WAV file, as it stands there: nothing in it can be trusted.
///
/// @param encoding 1 PCM, 3 float, others; for WAVE_FORMAT_EXTENSIBLE that of its sub-format
/// @param channels unsigned
/// @param sampleRate as a signed number
/// @param blockAlign bytes of one frame
/// @param bits bits of one sample's container
record WavFormat(int encoding, int channels, int sampleRate, int blockAlign, int bits) {
  static final int PCM = 1;
  static final int FLOAT = 3;
  private static final int EXTENSIBLE = 0xFFFE;

  /// Finds the chunk in the first bytes of a file; empty when that is no WAV file or the chunk lies
  /// further on.
  static Optional<WavFormat> find(byte[] head) {
    if (!text(head, 0).equals("RIFF") || !text(head, 8).equals("WAVE")) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 12; at + 24 <= head.length; ) {
      long size = Integer.toUnsignedLong(buffer.getInt((int) at + 4));
      if (text(head, (int) at).equals("fmt ")) {
        return Optional.of(parse(buffer, (int) at + 8, size));
      }
      at += 8 + size + (size & 1); // Chunks are padded to even sizes.
    }
    return Optional.empty();
  }

  /// Whether samples are stored in a way that the JDK reads.
  boolean isPlain() {
    return switch (encoding) {
      case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
      case FLOAT -> bits == 32 || bits == 64;
      default -> false;
    };
  }

  private static WavFormat parse(ByteBuffer head, int at, long size) {
    int encoding = unsigned(head, at);
    if (encoding == EXTENSIBLE && size >= 40 && at + 40 <= head.limit()) {
      encoding = unsigned(head, at + 24);
    }
    return new WavFormat(
        encoding,
        unsigned(head, at + 2),
        head.getInt(at + 4),
        unsigned(head, at + 12),
        unsigned(head, at + 14));
  }

  private static int unsigned(ByteBuffer buffer, int at) {
    return Short.toUnsignedInt(buffer.getShort(at));
  }

  private static String text(byte[] bytes, int at) {
    return at + 4 <= bytes.length ? new String(bytes, at, 4, StandardCharsets.ISO_8859_1) : "";
  }
}
