package org.duovox.audio.decode;

import java.io.IOException;

/// Decodes one channel of a FLAC frame (RFC 9639, 9.2).
final class FlacSubframe {
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private final FlacBits bits;

  FlacSubframe(FlacBits bits) {
    this.bits = bits;
  }

  /// A stream that breaks a rule of the format.
  static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(String what) {
      super(what);
    }
  }

  /// Fills `samples[0, size)` with samples of `depth` bits.
  void read(int[] samples, int size, int depth) throws IOException {
    if (bits.read(1) != 0) {
      throw new Broken("a subframe does not begin with 0");
    }
    int type = bits.read(6);
    int wasted = bits.read(1) == 0 ? 0 : bits.readUnary() + 1;
    int used = depth - wasted;
    if (used < 1) {
      throw new Broken("more wasted bits than a sample has");
    }
    if (type == 0) {
      java.util.Arrays.fill(samples, 0, size, bits.readSigned(used));
    } else if (type == 1) {
      readVerbatim(samples, 0, size, used);
    } else if (type >= 8 && type <= 12) {
      readVerbatim(samples, 0, order(type - 8, size), used);
      readResidual(samples, type - 8, size);
      predict(samples, FIXED[type - 8], 0, size, true);
    } else if (type >= 32) {
      readLinear(samples, order(type - 31, size), size, used);
    } else {
      throw new Broken("a subframe of the reserved type " + type);
    }
    if (wasted > 0) {
      for (int i = 0; i < size; i++) {
        samples[i] <<= wasted;
      }
    }
  }

  private static int order(int order, int size) throws IOException {
    if (order > size) {
      throw new Broken("a predictor of order " + order + " for " + size + " samples");
    }
    return order;
  }

  private void readVerbatim(int[] samples, int from, int to, int depth) throws IOException {
    for (int i = from; i < to; i++) {
      samples[i] = bits.readSigned(depth);
    }
  }

  private void readLinear(int[] samples, int order, int size, int depth) throws IOException {
    readVerbatim(samples, 0, order, depth);
    int precision = bits.read(4) + 1;
    int shift = bits.readSigned(5);
    if (precision == 16 || shift < 0) {
      throw new Broken("a predictor of impossible precision or shift");
    }
    int[] coefficients = new int[order];
    for (int i = 0; i < order; i++) {
      coefficients[i] = bits.readSigned(precision);
    }
    readResidual(samples, order, size);
    int sumBits = depth + precision + 32 - Integer.numberOfLeadingZeros(order);
    predict(samples, coefficients, shift, size, sumBits <= 32);
  }

  /// The residual goes to where the samples will be.
  private void readResidual(int[] samples, int order, int size) throws IOException {
    int method = bits.read(2);
    if (method > 1) {
      throw new Broken("a residual of the reserved method " + method);
    }
    int width = method == 0 ? 4 : 5;
    int partitions = 1 << bits.read(4);
    int each = size / partitions;
    if (each * partitions != size || each < order) {
      throw new Broken(partitions + " partitions of " + size + " samples");
    }
    for (int p = 0; p < partitions; p++) {
      int from = p == 0 ? order : p * each;
      int parameter = bits.read(width);
      if (parameter < (1 << width) - 1) {
        bits.readRice(parameter, samples, from, (p + 1) * each);
      } else {
        int depth = bits.read(5);
        for (int i = from; i < (p + 1) * each; i++) {
          samples[i] = depth == 0 ? 0 : bits.readSigned(depth);
        }
      }
    }
  }

  /// Adds to each residual what the samples before it predict.
  private static void predict(int[] samples, int[] taps, int shift, int size, boolean narrow) {
    int order = taps.length;
    for (int i = order; i < size; i++) {
      if (narrow) {
        int sum = 0;
        for (int j = 0; j < order; j++) {
          sum += taps[j] * samples[i - 1 - j];
        }
        samples[i] += sum >> shift;
      } else {
        long sum = 0;
        for (int j = 0; j < order; j++) {
          sum += (long) taps[j] * samples[i - 1 - j];
        }
        samples[i] += (int) (sum >> shift);
      }
    }
  }
}
