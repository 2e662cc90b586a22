package org.duovox.audio;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Resamples by polyphase windowed sinc, by torchaudio's definition (`sinc_interp_hann`,
/// lowpass_filter_width 6, rolloff 0.99).
///
/// With both rates divided by their greatest common divisor, `n` samples become `ceil(new * n /
/// old)`; output `j * new + p` is the product of kernel `p` with the input from `j * old - width`
/// on, zeros outside. Kernels are computed in double precision and rounded to float once.
/// torchaudio evaluates each kernel over a window of `2 * width + old` taps, most of which the Hann
/// window makes zero (below 1e-32); those are left out here. Safe for use by several threads.
final class Resampler {
  private static final int LOWPASS_FILTER_WIDTH = 6;
  private static final double ROLLOFF = 0.99;
  private static final int CACHED = 32;
  private static final Map<Long, Resampler> CACHE = new ConcurrentHashMap<>();

  private final int from;
  private final int to;
  private final int width;
  private final int[] firstTap;
  private final float[][] taps;

  private Resampler(int from, int to) {
    this.from = from;
    this.to = to;
    double baseFrequency = Math.min(from, to) * ROLLOFF;
    width = (int) Math.ceil(LOWPASS_FILTER_WIDTH * from / baseFrequency);
    firstTap = new int[to];
    taps = new float[to][];
    for (int phase = 0; phase < to; phase++) {
      computeTaps(phase, baseFrequency);
    }
  }

  /// The resampler between two rates in Hz; kernels of recent pairs are kept.
  static Resampler of(int fromRate, int toRate) {
    if (fromRate <= 0 || toRate <= 0) {
      throw new IllegalArgumentException(
          "cannot resample from " + fromRate + " to " + toRate + " Hz");
    }
    int divisor = BigInteger.valueOf(fromRate).gcd(BigInteger.valueOf(toRate)).intValue();
    int from = fromRate / divisor;
    int to = toRate / divisor;
    if (CACHE.size() > CACHED) {
      CACHE.clear(); // Files of many odd rates must not fill the memory with kernels.
    }
    return CACHE.computeIfAbsent(((long) from << 32) | to, key -> new Resampler(from, to));
  }

  /// The number of samples that `count` input samples become.
  long outputLength(long count) {
    return Math.ceilDiv(Math.multiplyExact(count, to), from);
  }

  /// Resamples a whole signal; equal rates give an equal copy.
  float[] apply(float[] samples) {
    if (from == to) {
      return samples.clone();
    }
    FloatArray output = new FloatArray();
    Stream stream = new Stream(output);
    stream.push(samples, samples.length);
    stream.finish();
    return output.toArray();
  }

  /// Starts resampling of a signal that arrives in pieces; the result is appended to the output.
  Stream stream(FloatArray output) {
    return new Stream(output);
  }

  private void computeTaps(int phase, double baseFrequency) {
    double center = width + (double) phase * from / to;
    int first = Math.max(0, (int) Math.floor(center - width));
    int last = Math.min(2 * width + from - 1, (int) Math.ceil(center + width));
    float[] kernel = new float[last - first + 1];
    for (int i = first; i <= last; i++) {
      double t = (-(double) phase / to + (double) (i - width) / from) * baseFrequency;
      if (Math.abs(t) < LOWPASS_FILTER_WIDTH) {
        double cosine = Math.cos(t * Math.PI / LOWPASS_FILTER_WIDTH / 2);
        double sinc = t == 0 ? 1 : Math.sin(t * Math.PI) / (t * Math.PI);
        kernel[i - first] = (float) (sinc * cosine * cosine * baseFrequency / from);
      }
    }
    firstTap[phase] = first;
    taps[phase] = kernel;
  }

  /// One signal on its way; for one thread.
  final class Stream {
    private final FloatArray output;
    private final float[] window;
    private int filled;
    private long received;

    private Stream(FloatArray output) {
      this.output = output;
      this.window = new float[Math.max(1 << 13, 2 * (2 * width + from))];
      this.filled = width; // The zeros before the signal.
    }

    void push(float[] samples, int count) {
      received += count;
      append(samples, count);
    }

    /// Flushes the zeros after the signal and cuts the output to its length.
    void finish() {
      long wanted = outputLength(received);
      append(new float[width + from], width + from);
      output.truncate(wanted);
    }

    private void append(float[] samples, int count) {
      for (int done = 0; done < count; ) {
        int n = Math.min(count - done, window.length - filled);
        System.arraycopy(samples, done, window, filled, n);
        done += n;
        filled += n;
        convolve();
      }
    }

    private void convolve() {
      int span = 2 * width + from;
      int at = 0;
      for (; at + span <= filled; at += from) {
        for (int phase = 0; phase < to; phase++) {
          output.add(dot(taps[phase], window, at + firstTap[phase]));
        }
      }
      System.arraycopy(window, at, window, 0, filled - at);
      filled -= at;
    }
  }

  /// Four running sums: the additions need not wait for each other.
  private static float dot(float[] taps, float[] input, int at) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 3 < taps.length; i += 4) {
      a += taps[i] * input[at + i];
      b += taps[i + 1] * input[at + i + 1];
      c += taps[i + 2] * input[at + i + 2];
      d += taps[i + 3] * input[at + i + 3];
    }
    for (; i < taps.length; i++) {
      a += taps[i] * input[at + i];
    }
    return (a + b) + (c + d);
  }
}
