package org.duovox.speech.extract;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.audio.Audio;
import org.duovox.io.Hashes;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;

/// The rule by which long utterances are cut: memory stays bounded, while the number of frames and
/// their times are those of the whole utterance.
///
/// Segment i covers samples [i * length, (i + 1) * length + context). Of all segments but the last,
/// the first `length / interval` frames of each layer are kept; the context is what the last of
/// them needs beyond its segment. A last segment that would be shorter than `least` joins the one
/// before.
///
/// @param length samples of a segment, a whole number of frames of every layer; 0 when nothing is
///   cut
/// @param context samples beyond the segment that its frames see
/// @param least samples that give each layer at least one frame
/// @param keep frames kept of a segment, by layer
record Segments(int length, int context, int least, Map<String, Integer> keep) {
  private static final long PICOSECONDS_PER_SAMPLE = 1_000_000_000_000L / Encoder.SAMPLE_RATE;
  private static final double PICOSECONDS_PER_MS = 1e9;

  /// Nothing is cut.
  static final Segments NONE = new Segments(0, 0, 0, Map.of());

  public Segments {
    keep = Map.copyOf(keep);
  }

  /// @param limit most samples of a segment; 0 for no cutting
  static Segments of(Encoder encoder, List<Layer> layers, long limit) {
    if (limit == 0) {
      return NONE;
    }
    Collection<String> names = layers.stream().map(Layer::name).toList();
    int least = encoder.minimumSamples(names);
    long unit = layers.stream().mapToLong(Segments::samplesOfWholeFrames).reduce(1, Segments::lcm);
    long length = limit / unit * unit;
    if (length < Math.max(unit, least) || length > Integer.MAX_VALUE / 4) {
      throw DuovoxException.config(
          String.format(
              Locale.ROOT,
              "segments of %.3f s do not fit %s of %s: they need a whole number of frames of every"
                  + " layer (multiples of %.4f s) and at least %.4f s; choose another"
                  + " --max-segment, or 0 for no cutting",
              limit / (double) Encoder.SAMPLE_RATE,
              String.join(", ", names),
              encoder.name(),
              unit / (double) Encoder.SAMPLE_RATE,
              least / (double) Encoder.SAMPLE_RATE));
    }
    int context = 0;
    Map<String, Integer> keep = new java.util.HashMap<>();
    for (Layer layer : layers) {
      double interval = layer.intervalMs() * Encoder.SAMPLE_RATE / 1000;
      int needed = encoder.minimumSamples(List.of(layer.name()));
      context = Math.max(context, (int) Math.ceil(needed - interval));
      keep.put(layer.name(), (int) Math.round(length / interval));
    }
    return new Segments((int) length, context, least, keep);
  }

  /// The fewest samples that hold a whole number of the layer's frames.
  private static long samplesOfWholeFrames(Layer layer) {
    long interval = Math.round(layer.intervalMs() * PICOSECONDS_PER_MS);
    return lcm(interval, PICOSECONDS_PER_SAMPLE) / PICOSECONDS_PER_SAMPLE;
  }

  private static long lcm(long a, long b) {
    long x = a;
    long y = b;
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    try {
      return Math.multiplyExact(a / x, b);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE / 4; // Longer than any audio: refused as such.
    }
  }

  /// Whether anything is cut.
  boolean cut() {
    return length > 0;
  }

  /// Samples that must be there before the next segment can be told from the last one.
  int enough() {
    return length + Math.max(least, context);
  }

  /// Returns the frames of a segment that belong to it and not to the next.
  Map<String, Frames> kept(Map<String, Frames> frames, boolean last) {
    if (last) {
      return frames;
    }
    Map<String, Frames> kept = new java.util.LinkedHashMap<>();
    frames.forEach((layer, all) -> {
      int wanted = keep.get(layer);
      if (all.frames() < wanted) {
        throw new IllegalStateException(
            "%s gave %d frames for a segment of %d".formatted(layer, all.frames(), wanted));
      }
      kept.put(layer, all.slice(0, wanted));
    });
    return kept;
  }

  /// The words of a manifest about it, after those of the encoder.
  String describe(String chunking) {
    if (!cut()) {
      return chunking;
    }
    String seconds =
        java.math.BigDecimal.valueOf(length)
            .divide(java.math.BigDecimal.valueOf(Encoder.SAMPLE_RATE))
            .stripTrailingZeros()
            .toPlainString();
    return chunking + "; segments of " + seconds + " s";
  }

  /// A segment's samples, with their context.
  ///
  /// @param last whether the utterance ends here
  @SuppressWarnings("ArrayRecordComponent") // Never compared; copies would cost memory.
  record Segment(float[] samples, boolean last) {}

  /// Cuts audio that arrives in pieces of any length into the segments of an utterance. For one
  /// thread.
  static final class Cutter implements Audio.Sink {
    private final Segments segments;
    private final Consumer<Segment> consumer;
    private float[] buffer;
    private int filled;
    private long total;
    private final Hashes.LittleEndian sum = new Hashes.LittleEndian();

    Cutter(Segments segments, Consumer<Segment> consumer) {
      this.segments = segments;
      this.consumer = consumer;
      this.buffer = new float[Math.min(segments.enough(), 1 << 20)];
    }

    @Override
    public void samples(float[] samples) {
      total += samples.length;
      sum.add(samples);
      int done = 0;
      while (done < samples.length) {
        int n = Math.min(samples.length - done, segments.enough() - filled);
        if (filled + n > buffer.length) {
          long grown = Math.max(filled + n, buffer.length * 2L);
          buffer = Arrays.copyOf(buffer, (int) Math.min(segments.enough(), grown));
        }
        System.arraycopy(samples, done, buffer, filled, n);
        filled += n;
        done += n;
        if (filled == segments.enough()) {
          emit();
        }
      }
    }

    private void emit() {
      int length = segments.length();
      float[] piece = Arrays.copyOf(buffer, length + segments.context());
      System.arraycopy(buffer, length, buffer, 0, filled - length);
      filled -= length;
      consumer.accept(new Segment(piece, false));
    }

    /// Sends the rest as the last segment and returns the identity of the whole audio.
    AudioIdentity finish() {
      consumer.accept(new Segment(Arrays.copyOf(buffer, filled), true));
      return new AudioIdentity(total, sum.finish());
    }
  }
}
