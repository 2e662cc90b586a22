package org.duovox.audio.decode;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import org.duovox.DuovoxException;

/// The `fmt ` chunk of a WAV file, as it stands there: nothing in it can be trusted.
///
/// @param encoding 1 PCM, 3 float, others; for WAVE_FORMAT_EXTENSIBLE that of its sub-format, if it
///   has a number
/// @param channels unsigned
/// @param sampleRate as a signed number
/// @param blockAlign bytes of one frame
/// @param bits bits of one sample's container
/// @param subFormat the GUID of WAVE_FORMAT_EXTENSIBLE; "" for others
public record WavFormat(
    int encoding, int channels, int sampleRate, int blockAlign, int bits, String subFormat) {
  public static final int PCM = 1;
  public static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xFFFE;
  // Sub-formats that are an encoding's number: of Microsoft, as some programs misspell it, and of
  // Ambisonic B-format.
  private static final Set<String> NUMBERED =
      Set.of(
          "0000-0010-8000-00aa00389b71",
          "0000-0000-0000-1000800000aa",
          "0721-11d3-8644-c8c1ca000000");
  // Those that FFmpeg knows: MPEG, AC-3, E-AC-3, ATRAC3plus, DFPWM.
  private static final Set<String> NAMED =
      Set.of(
          "e06d802b-db46-11cf-b4d1-00805f6cbbea",
          "e06d802c-db46-11cf-b4d1-00805f6cbbea",
          "a7fb87af-2d02-42fb-a4d4-05cd93843bdd",
          "e923aabf-cb58-4471-a119-fffa01e4ce62",
          "38fac13a-1d81-6143-a40d-ce53ca607cd1");

  /// What is read of the chunk at most, and at least.
  static final int MOST_BYTES = 40;

  static final int LEAST_BYTES = 16;

  /// Parses a chunk in the buffer's byte order.
  ///
  /// @param chunk from its content on, at least 16 bytes
  static WavFormat parse(ByteBuffer chunk) {
    int encoding = unsigned(chunk, 0);
    String guid = encoding == EXTENSIBLE && chunk.limit() >= MOST_BYTES ? guid(chunk, 24) : "";
    if (!guid.isEmpty() && NUMBERED.contains(guid.substring(9))) {
      encoding = chunk.getInt(24);
    }
    return new WavFormat(
        encoding,
        unsigned(chunk, 2),
        chunk.getInt(4),
        unsigned(chunk, 12),
        unsigned(chunk, 14),
        guid);
  }

  private static String guid(ByteBuffer chunk, int at) {
    String end = HexFormat.of().formatHex(chunk.array(), at + 8, at + 16);
    return "%08x-%04x-%04x-%s-%s"
        .formatted(
            chunk.getInt(at),
            unsigned(chunk, at + 4),
            unsigned(chunk, at + 6),
            end.substring(0, 4),
            end.substring(4));
  }

  /// Whether it is said what the samples are. FFmpeg takes the rest for DFPWM.
  boolean isKnown() {
    return encoding != EXTENSIBLE || NAMED.contains(subFormat);
  }

  /// Refuses samples of which it is not said what they are.
  void requireKnown(Path file) {
    if (!isKnown()) {
      throw DuovoxException.badData(
          "%s: is a WAVE_FORMAT_EXTENSIBLE file %s: what its samples are is not known. Convert it to FLAC or 16-bit WAV with the program that made it"
              .formatted(
                  file,
                  subFormat.isEmpty() ? "without a sub-format" : "of the sub-format " + subFormat));
    }
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
