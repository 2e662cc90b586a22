package org.duovox.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Mono audio as the bytes of a WAV file of 16-bit PCM.
public final class PcmWav {
  /// Bytes in front of the samples.
  public static final int HEADER = 44;

  private static final int FORMAT_BYTES = 16;
  private static final float SCALE = 32_768;

  private PcmWav() {}

  /// Returns the file's bytes; samples beyond [-1, 1) are clipped.
  public static byte[] bytes(Audio audio) {
    float[] samples = audio.samples();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(HEADER, Math.multiplyExact(2, samples.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(ascii("RIFF")).putInt(bytes.capacity() - 8).put(ascii("WAVE"));
    bytes.put(ascii("fmt ")).putInt(FORMAT_BYTES).putShort((short) 1).putShort((short) 1);
    bytes.putInt(audio.sampleRate()).putInt(2 * audio.sampleRate());
    bytes.putShort((short) 2).putShort((short) 16);
    bytes.put(ascii("data")).putInt(2 * samples.length);
    for (float sample : samples) {
      int value = Math.round(sample * SCALE);
      bytes.putShort((short) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE));
    }
    return bytes.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
