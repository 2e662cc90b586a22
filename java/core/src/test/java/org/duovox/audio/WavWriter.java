package org.duovox.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.duovox.audio.decode.WavFormat;
import org.duovox.io.atomic.AtomicFiles;

/// Writes mono WAV files, whole or not at all.
public final class WavWriter {
  private static final int PCM_HEADER = 44;
  private static final int FLOAT_HEADER = 58;

  private WavWriter() {}

  /// Writes 32-bit float samples, bit for bit.
  public static void writeFloat(Path target, Audio audio) {
    int size = dataSize(audio, Float.BYTES);
    ByteBuffer buffer =
        header(audio.sampleRate(), WavFormat.FLOAT, Float.BYTES, FLOAT_HEADER, size);
    text(buffer, "fact").putInt(4).putInt(audio.samples().length);
    text(buffer, "data").putInt(size);
    buffer.asFloatBuffer().put(audio.samples());
    AtomicFiles.write(target, buffer.array());
  }

  /// Writes 16-bit samples: times 32768, rounded, clipped.
  public static void writePcm16(Path target, Audio audio) {
    int size = dataSize(audio, Short.BYTES);
    ByteBuffer buffer = header(audio.sampleRate(), WavFormat.PCM, Short.BYTES, PCM_HEADER, size);
    text(buffer, "data").putInt(size);
    for (float sample : audio.samples()) {
      int rounded = Math.round(sample * 32768f);
      buffer.putShort((short) Math.clamp(rounded, Short.MIN_VALUE, Short.MAX_VALUE));
    }
    AtomicFiles.write(target, buffer.array());
  }

  private static int dataSize(Audio audio, int width) {
    return Math.multiplyExact(audio.samples().length, width);
  }

  private static ByteBuffer header(
      int rate, int encoding, int width, int headerSize, int dataSize) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.addExact(headerSize, dataSize)).order(ByteOrder.LITTLE_ENDIAN);
    text(buffer, "RIFF").putInt(headerSize - 8 + dataSize);
    text(buffer, "WAVE");
    // Other encodings than PCM carry the size of an extension, here none.
    text(buffer, "fmt ").putInt(encoding == WavFormat.PCM ? 16 : 18);
    buffer.putShort((short) encoding).putShort((short) 1).putInt(rate).putInt(rate * width);
    buffer.putShort((short) width).putShort((short) (8 * width));
    return encoding == WavFormat.PCM ? buffer : buffer.putShort((short) 0);
  }

  private static ByteBuffer text(ByteBuffer buffer, String id) {
    return buffer.put(id.getBytes(StandardCharsets.US_ASCII));
  }
}
