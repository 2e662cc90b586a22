package org.duovox.audio;

import java.nio.ByteBuffer;

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
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;

  /// What is read of the chunk at most, and at least.
  static final int MOST_BYTES = 40;

  static final int LEAST_BYTES = 16;

  /// Parses a chunk in the buffer's byte order.
  ///
  /// @param chunk from its content on, at least 16 bytes
  static WavFormat parse(ByteBuffer chunk) {
    int encoding = unsigned(chunk, 0);
    if (encoding == EXTENSIBLE && chunk.limit() >= MOST_BYTES) {
      encoding = unsigned(chunk, 24);
    }
    return new WavFormat(
        encoding, unsigned(chunk, 2), chunk.getInt(4), unsigned(chunk, 12), unsigned(chunk, 14));
  }

  /// Whether samples are stored in a way that [#convert] reads.
  boolean isPlain() {
    return switch (encoding) {
      case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
      case FLOAT -> bits == 32 || bits == 64;
      default -> false;
    };
  }

  /// Bytes of a frame of uncompressed samples; 1 for others.
  int frameBytes() {
    boolean plain = encoding == PCM || encoding == FLOAT || encoding == A_LAW || encoding == MU_LAW;
    return plain && blockAlign > 0 && blockAlign == channels * ((bits + 7) / 8) ? blockAlign : 1;
  }

  /// Turns stored samples into numbers, in the buffer's byte order.
  ///
  /// @param samples gets `count` of them, full scale at 1
  void convert(ByteBuffer bytes, float[] samples, int count) {
    boolean isFloat = encoding == FLOAT;
    switch (bits) {
      case 8 -> {
        for (int i = 0; i < count; i++) {
          samples[i] = (Byte.toUnsignedInt(bytes.get()) - 128) / 128f;
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          samples[i] = bytes.getShort() / 32768f;
        }
      }
      case 24 -> convert24(bytes, samples, count);
      case 32 -> {
        for (int i = 0; i < count; i++) {
          samples[i] = isFloat ? bytes.getFloat() : bytes.getInt() / 0x1p31f;
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          samples[i] = (float) bytes.getDouble();
        }
      }
    }
  }

  private static void convert24(ByteBuffer bytes, float[] samples, int count) {
    boolean big = bytes.order() == java.nio.ByteOrder.BIG_ENDIAN;
    for (int i = 0; i < count; i++) {
      int value =
          big
              ? bytes.get() << 16 | Short.toUnsignedInt(bytes.getShort())
              : Short.toUnsignedInt(bytes.getShort()) | bytes.get() << 16;
      samples[i] = value / 8388608f;
    }
  }

  private static int unsigned(ByteBuffer buffer, int at) {
    return Short.toUnsignedInt(buffer.getShort(at));
  }
}
