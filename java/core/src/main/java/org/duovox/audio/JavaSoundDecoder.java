package org.duovox.audio;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.duovox.DuovoxException;

/// WAV files of PCM (8, 16, 24, 32 bit) or float (32, 64 bit) samples, WAVE_FORMAT_EXTENSIBLE too,
/// through the JDK.
///
/// An n-bit integer is divided by 2^(n-1), after 8-bit ones have lost their offset of 128. Other
/// WAV encodings are left to the next decoder. A data chunk of 0xFFFFFFFF bytes, which programs
/// that write to a pipe leave behind, means "to the end of the file"; any other size must be there
/// in full.
public final class JavaSoundDecoder implements AudioDecoder {
  private static final int FRAMES_AT_ONCE = 8192;
  private static final long UNKNOWN_SIZE = 0xFFFF_FFFFL;

  @Override
  public boolean accepts(Path file, byte[] head) {
    return WavFormat.find(head).map(WavFormat::isPlain).orElse(false);
  }

  @Override
  public void decode(Path file, byte[] head, SampleSink sink) {
    WavFormat format = WavFormat.find(head).orElseThrow();
    sink.format(format.sampleRate(), format.channels());
    int frameBytes = format.channels() * format.bits() / 8;
    if (format.blockAlign() != frameBytes) {
      throw DuovoxException.badData(
          file
              + ": its header says "
              + format.blockAlign()
              + " bytes per frame, but "
              + format.channels()
              + " channels of "
              + format.bits()
              + " bits are "
              + frameBytes
              + ". Convert the file again");
    }
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        AudioInputStream audio = AudioSystem.getAudioInputStream(stream)) {
      requireSame(file, format, audio.getFormat());
      copy(file, format, audio, sink);
    } catch (UnsupportedAudioFileException e) {
      throw DuovoxException.badData(
          file
              + ": is a damaged or truncated WAV file (no readable header and data chunk)."
              + " Fetch or convert it again",
          e);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private static void requireSame(Path file, WavFormat expected, AudioFormat actual) {
    boolean same =
        actual.getChannels() == expected.channels()
            && actual.getFrameSize() == expected.blockAlign()
            && (int) actual.getSampleRate() == expected.sampleRate()
            && !actual.isBigEndian();
    if (!same) {
      throw DuovoxException.badData(file + ": has a contradictory WAV header. Convert it again");
    }
  }

  private static void copy(Path file, WavFormat format, AudioInputStream audio, SampleSink sink)
      throws IOException {
    int frameBytes = format.blockAlign();
    byte[] bytes = new byte[FRAMES_AT_ONCE * frameBytes];
    float[] samples = new float[FRAMES_AT_ONCE * format.channels()];
    long frames = 0;
    int n;
    while ((n = audio.readNBytes(bytes, 0, bytes.length)) > 0) {
      int whole = n / frameBytes;
      convert(
          format,
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN),
          samples,
          whole * format.channels());
      sink.frames(samples, whole);
      frames += whole;
    }
    long promised = audio.getFrameLength();
    if (frames < promised && promised != UNKNOWN_SIZE / frameBytes) {
      throw DuovoxException.badData(
          file
              + ": is truncated: its header promises "
              + promised
              + " samples per channel, "
              + frames
              + " are there. Fetch or convert it again");
    }
  }

  private static void convert(WavFormat format, ByteBuffer bytes, float[] samples, int count) {
    boolean isFloat = format.encoding() == WavFormat.FLOAT;
    switch (format.bits()) {
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
      case 24 -> {
        for (int i = 0; i < count; i++) {
          samples[i] = (Short.toUnsignedInt(bytes.getShort()) | bytes.get() << 16) / 8388608f;
        }
      }
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
}
