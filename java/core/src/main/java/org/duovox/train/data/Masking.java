package org.duovox.train.data;

import java.util.Arrays;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.units.SplitMix;

/// Masks tokens of a row of a batch and makes them targets, as a pure function of seed, epoch and
/// row key.
///
/// Single tokens: n = 0.15 x length rounded half to even, at least 1, drawn without replacement;
/// the length counts CLS and SEP, which are never drawn (rule of the first author's prototype).
/// Spans: fairseq's rule for masked units, n = int(p x length / L + U(0, 1)) spans with starts
/// drawn without replacement and lengths round(Normal(L, s)), merged where they overlap and cut at
/// SEP; an utterance without any gets one token. Not thread-safe.
public final class Masking {
  /// Settings of masking: which tokens are hidden and become targets.
  ///
  /// @param probability share of an utterance's tokens that are targets; 0.15
  /// @param keep share of the targets that stay visible; 0.2 (first author's prototype)
  /// @param random share of the targets that become a random code; 0 (fairseq: 0.1 with keep 0.1)
  /// @param spanLength 1 = single tokens; above, fairseq's spans of this mean length
  /// @param spanStddev standard deviation of a span's length
  /// @param maskPhonetic hide the phonetic units under a token that is replaced by MASK too; false
  public record Config(
      double probability,
      double keep,
      double random,
      double spanLength,
      double spanStddev,
      boolean maskPhonetic) {

    public Config {
      require(probability > 0 && probability <= 1, "probability must be above 0 and at most 1");
      require(
          keep >= 0 && random >= 0 && keep + random <= 1,
          "keep and random must be 0 to 1 together");
      require(spanLength >= 1 && spanLength <= 10_000, "span_length must be 1 to 10000");
      require(spanStddev >= 0 && spanStddev <= 10_000, "span_stddev must be 0 to 10000");
    }

    /// Returns the default: 15 % of the tokens one by one, 80 % of them MASK, 20 % kept, phonetic
    /// units visible.
    public static Config defaults() {
      return new Config(0.15, 0.2, 0, 1, 0, false);
    }

    private static void require(boolean condition, String rule) {
      if (!condition) {
        throw DuovoxException.config("masking: " + rule);
      }
    }
  }

  private final Config config;
  private final UnitIds ids;
  private final long seed;
  private final SplitMix draws = SplitMix.of();
  private final int[] order;
  private final boolean[] chosen;

  /// Masks for rows of at most `maxPositions` tokens.
  public Masking(Config config, UnitIds ids, int maxPositions, long seed) {
    this.config = config;
    this.ids = ids;
    this.seed = seed;
    this.order = new int[maxPositions];
    this.chosen = new boolean[maxPositions];
  }

  /// Masks one row that holds CLS, tokens and SEP; returns the number of targets.
  public int apply(Slot slot, Shape shape, int row, long epoch, long key) {
    draws.reseed(seed, epoch, key);
    int length = slot.lengths().get(row);
    if (config.spanLength() > 1) {
      chooseSpans(length);
    } else {
      chooseTokens(length);
    }
    int targets = 0;
    for (int t = 1; t < length - 1; t++) {
      if (chosen[t]) {
        hide(slot, shape, row, t);
        targets++;
      }
    }
    return targets;
  }

  /// Returns the number of targets of an utterance of this length, CLS and SEP included, when
  /// tokens are drawn one by one.
  static int count(double probability, int length) {
    int rounded = (int) Math.rint(probability * length);
    return Math.min(Math.max(rounded, 1), length - 2);
  }

  private void chooseTokens(int length) {
    clear(length);
    int inner = length - 2;
    for (int i = 0; i < inner; i++) {
      order[i] = i + 1;
    }
    int count = count(config.probability(), length);
    for (int i = 0; i < count; i++) {
      chosen[draw(i, inner)] = true;
    }
  }

  private void chooseSpans(int length) {
    clear(length);
    int inner = length - 2;
    for (int i = 0; i < inner; i++) {
      order[i] = i + 1;
    }
    double expected = config.probability() * length / config.spanLength();
    int spans = Math.min(inner, (int) (expected + draws.nextDouble()));
    int masked = 0;
    for (int i = 0; i < spans; i++) {
      int start = draw(i, inner);
      double drawn = config.spanLength() + config.spanStddev() * draws.nextGaussian();
      int end = Math.min(start + Math.max(0, (int) Math.rint(drawn)), length - 1);
      for (int t = start; t < end; t++) {
        chosen[t] = true;
        masked++;
      }
    }
    if (masked == 0) {
      chosen[1 + draws.nextInt(inner)] = true;
    }
  }

  /// Returns the next position in random order (one step of Fisher and Yates).
  private int draw(int index, int inner) {
    int other = index + draws.nextInt(inner - index);
    int position = order[other];
    order[other] = order[index];
    order[index] = position;
    return position;
  }

  private void hide(Slot slot, Shape shape, int row, int t) {
    int at = row * shape.tokens() + t;
    slot.targets().put(at, slot.contextual().get(at));
    double fate = draws.nextDouble();
    if (fate < config.keep()) {
      return;
    }
    if (fate < config.keep() + config.random()) {
      slot.contextual().put(at, draws.nextInt(ids.contextualCodes()));
      return;
    }
    slot.contextual().put(at, ids.mask());
    if (config.maskPhonetic() && ids.bothStreams()) {
      int units = row * shape.phoneticUnits();
      for (int i = slot.phoneticStart().get(at); i <= slot.phoneticEnd().get(at); i++) {
        slot.phonetic().put(units + i, ids.phoneticMask());
      }
    }
  }

  private void clear(int length) {
    Arrays.fill(chosen, 0, length, false);
  }
}
