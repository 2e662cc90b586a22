package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// WAV files of PCM (8, 16, 24, 32 bit) or float (32, 64 bit) samples, WAVE_FORMAT_EXTENSIBLE too,
/// in both byte orders (RIFF, RIFX) and with 64-bit sizes (RF64, BW64).
///
/// An n-bit integer is divided by 2^(n-1), after 8-bit ones have lost their offset of 128. Other
/// WAV encodings are left to the next decoder, unless it would read noise or a part without a word.
/// Where the samples end is told by [WavLength].
public final class WavDecoder implements AudioDecoder {
  private static final int FRAMES_AT_ONCE = 8192;

  private final LengthWarnings lengthWarnings = new LengthWarnings();

  @Override
  public boolean accepts(Path file, byte[] head) {
    return WavChunks.isWav(head) && (WavChunks.isBigEndian(head) || isOurs(file));
  }

  /// Plain samples; and others that a 32-bit size cannot describe, to refuse them.
  private static boolean isOurs(Path file) {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      WavChunks chunks = WavChunks.read(channel);
      return chunks.format().map(f -> f.isPlain() || !f.isKnown()).orElse(false)
          || WavLength.isTooLong(chunks);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  @Override
  public void decode(Path file, byte[] head, Sink sink) {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      WavChunks chunks = WavChunks.read(channel);
      WavFormat format = requireFormat(file, chunks);
      sink.format(format.sampleRate(), format.channels());
      requireFrames(file, format);
      WavLength length = WavLength.of(file, chunks, channel);
      lengthWarnings.add(file, length.warning());
      copy(file, chunks, format, length, channel, sink);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private static WavFormat requireFormat(Path file, WavChunks chunks) {
    if (chunks.format().isEmpty() || chunks.dataAt() < 0) {
      throw DuovoxException.badData(
          file
              + ": is a damaged or truncated WAV file (no readable header and data chunk)."
              + " Fetch or convert it again");
    }
    WavFormat format = chunks.format().get();
    format.requireKnown(file);
    if (!format.isPlain()) {
      throw DuovoxException.badData(
          "%s: is a WAV file of encoding %d with %d bits, %s, which is not read. Convert it to FLAC or 16-bit WAV"
              .formatted(
                  file,
                  format.encoding(),
                  format.bits(),
                  chunks.bigEndian() ? "big-endian (RIFX)" : "longer than its header can say"));
    }
    return format;
  }

  private static void requireFrames(Path file, WavFormat format) {
    int frameBytes = format.channels() * format.bits() / 8;
    if (format.blockAlign() != frameBytes) {
      throw DuovoxException.badData(
          "%s: its header says %d bytes per frame, but %d channels of %d bits are %d. Convert the file again"
              .formatted(file, format.blockAlign(), format.channels(), format.bits(), frameBytes));
    }
  }

  private static void copy(
      Path file,
      WavChunks chunks,
      WavFormat format,
      WavLength length,
      SeekableByteChannel channel,
      Sink sink)
      throws IOException {
    int frameBytes = format.blockAlign();
    long frames = length.bytes() / frameBytes;
    sink.promised(frames);
    long done = Math.min(sink.firstWanted(), frames);
    if (done > 0) {
      sink.skipped(done);
    }
    channel.position(chunks.dataAt() + done * frameBytes);
    ByteBuffer bytes = ByteBuffer.allocate(FRAMES_AT_ONCE * frameBytes).order(chunks.order());
    float[] samples = new float[FRAMES_AT_ONCE * format.channels()];
    while (done < frames) {
      bytes.clear().limit((int) Math.min(FRAMES_AT_ONCE, frames - done) * frameBytes);
      int whole = HeaderBytes.fill(channel, bytes) / frameBytes;
      if (whole == 0) {
        throw DuovoxException.badData(file + ": became shorter while it was read");
      }
      format.convert(bytes.flip(), samples, whole * format.channels());
      sink.frames(samples, whole);
      done += whole;
    }
  }
}
