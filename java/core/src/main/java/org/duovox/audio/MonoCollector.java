package org.duovox.audio;

import java.time.Duration;
import org.duovox.DuovoxException;
import org.duovox.audio.decode.AudioDecoder;
import org.duovox.io.ArraySize;

/// Turns decoded frames into checked mono audio at one rate: mean of the channels, then resampling.
/// Keeps all of it, or hands it on piece by piece.
///
/// Limits apply to what was decoded, and already to what a header promises: a file that is too long
/// is refused before memory is taken for it. For one file and one thread.
final class MonoCollector implements AudioDecoder.Sink {
  private static final int MAX_RATE = 768_000;
  private static final int MAX_CHANNELS = 1024;
  private static final int PIECE = 1 << 16;
  // A growing array and its last copy, in bytes for a sample.
  private static final double BYTES_PER_SAMPLE = 2.5 * Float.BYTES;

  private final String file;
  private final int targetRate;
  private final Duration limit;
  private final Audio.Sink sink;
  private final long memory;
  private final FloatArray samples = new FloatArray();
  private Resampler.Stream resampler;
  private float[] mono = new float[0];
  private int channels;
  private int sampleRate;
  private long maxFrames;
  private long frames;

  /// @param file what is read, for messages
  /// @param sink takes the audio as it comes; null: [#finish()] gives all of it
  MonoCollector(String file, int targetRate, Duration limit, Audio.Sink sink) {
    this(file, targetRate, limit, sink, Runtime.getRuntime().maxMemory());
  }

  /// @param memory bytes that one file's audio may need at most, where all of it is kept
  MonoCollector(String file, int targetRate, Duration limit, Audio.Sink sink, long memory) {
    this.memory = memory;
    this.file = file;
    this.targetRate = targetRate;
    this.limit = limit;
    this.sink = sink;
  }

  @Override
  public void format(int sampleRate, int channels) {
    if (sampleRate < 1 || sampleRate > MAX_RATE) {
      throw DuovoxException.badData(
          file
              + ": its header says "
              + Integer.toUnsignedString(sampleRate)
              + " samples per second; 1 to "
              + MAX_RATE
              + " are possible. Convert the file again");
    }
    if (channels < 1 || channels > MAX_CHANNELS) {
      throw DuovoxException.badData(
          file
              + ": its header says "
              + channels
              + " channels; 1 to "
              + MAX_CHANNELS
              + " are possible. Convert the file again");
    }
    this.channels = channels;
    this.sampleRate = sampleRate;
    maxFrames = Math.max(1, limit.toSeconds()) * sampleRate;
    resampler =
        sampleRate == targetRate ? null : Resampler.of(sampleRate, targetRate).stream(samples);
  }

  @Override
  public void promised(long count) {
    requireRoom(count);
  }

  private void requireRoom(long count) {
    if (count > maxFrames) {
      throw DuovoxException.badData(
          file
              + ": is longer than "
              + limit.toSeconds()
              + " s. Split it, or raise the limit (--max-duration)");
    }
    double made = count * (double) targetRate / sampleRate;
    if (sink == null && (made * BYTES_PER_SAMPLE > memory || made > ArraySize.MOST)) {
      throw DuovoxException.badData(
          "%s: its %.0f s need more memory than the %d MiB that Java may use. Cut it with --max-segment, or give Java more (DUOVOX_JAVA_OPTIONS=-Xmx...)"
              .formatted(file, count / (double) sampleRate, memory >> 20));
    }
  }

  @Override
  public void frames(float[] interleaved, int count) {
    requireRoom(frames + count);
    if (mono.length < count) {
      mono = new float[count];
    }
    for (int i = 0; i < count; i++) {
      mono[i] = mean(interleaved, i);
    }
    if (resampler != null) {
      resampler.push(mono, count);
    } else {
      samples.addAll(mono, count);
    }
    frames += count;
    if (sink != null && samples.size() >= PIECE) {
      sink.samples(samples.drain());
    }
  }

  private float mean(float[] interleaved, int frame) {
    double sum = 0;
    for (int channel = 0; channel < channels; channel++) {
      sum += interleaved[frame * channels + channel];
    }
    if (!Double.isFinite(sum)) {
      throw notFinite(interleaved, frame);
    }
    return (float) (sum / channels);
  }

  private DuovoxException notFinite(float[] interleaved, int frame) {
    int channel = 0;
    while (Float.isFinite(interleaved[frame * channels + channel])) {
      channel++;
    }
    return DuovoxException.badData(
        file
            + ": sample "
            + (frames + frame)
            + " of channel "
            + channel
            + " is "
            + interleaved[frame * channels + channel]
            + ". Repair the file or leave it out: no sample may be NaN or infinite");
  }

  /// Whether what came is more than a tenth of a second longer or shorter than so many samples of
  /// the file's rate; decoders differ by less.
  boolean isFarFrom(long stated) {
    return Math.abs(stated - frames) > sampleRate / 10;
  }

  /// Samples of the file's rate that came.
  long frames() {
    return frames;
  }

  /// The audio of the whole file; of its end when the rest went to the sink.
  Audio finish() {
    if (frames < 2) {
      throw DuovoxException.badData(
          file
              + ": holds "
              + (frames == 0 ? "no samples" : "only 1 sample")
              + "; at least 2 are needed. Leave it out, or fetch or record it again");
    }
    if (resampler != null) {
      resampler.finish();
    }
    if (sink != null && samples.size() > 0) {
      sink.samples(samples.drain());
    }
    return new Audio(samples.toArray(), targetRate);
  }
}
