package org.duovox.units;

/// The SplitMix64 generator (Steele, Lea and Flood 2014), seeded by a list of keys.
///
/// Implemented here, because draws must be the same on every Java version and a pure function of
/// the keys: a mask of `(seed, epoch, utterance)`, an order of `(seed, epoch)`. Not for secrets.
/// For one thread.
public final class SplitMix {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private SplitMix(long state) {
    this.state = state;
  }

  /// A generator whose draws depend on all keys and their order.
  public static SplitMix of(long... keys) {
    long state = keys.length;
    for (long key : keys) {
      state = mix(state + GAMMA) ^ mix(key + GAMMA);
    }
    return new SplitMix(mix(state));
  }

  /// Restarts from these keys, as a new generator would.
  public void reseed(long a, long b, long c) {
    long next = 3;
    next = mix(next + GAMMA) ^ mix(a + GAMMA);
    next = mix(next + GAMMA) ^ mix(b + GAMMA);
    next = mix(next + GAMMA) ^ mix(c + GAMMA);
    state = mix(next);
  }

  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /// A number in `[0, bound)`, without bias.
  public long nextLong(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive: " + bound);
    }
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long draw = nextLong() >>> 1;
    while (draw >= limit) {
      draw = nextLong() >>> 1;
    }
    return draw % bound;
  }

  /// A number in `[0, bound)`, without bias.
  public int nextInt(int bound) {
    return (int) nextLong(bound);
  }

  /// A number in `[0, 1)` with 53 random bits.
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /// A number of the standard normal distribution (Box and Muller 1958; one of the pair).
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /// Puts the first `count` values into a random order (Fisher and Yates).
  public void shuffle(int[] values, int count) {
    for (int i = count - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
