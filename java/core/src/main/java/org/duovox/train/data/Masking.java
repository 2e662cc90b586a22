package org.duovox.train.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.Window;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.UnitUtterance;

/// Masks tokens of a row of a batch and makes them targets, as a pure function of seed, epoch and
/// row key.
///
/// Single tokens: n = 0.15 x length rounded half to even, at least 1, drawn without replacement;
/// the length counts CLS and SEP, which are never drawn (rule of the first author's prototype).
/// Spans: fairseq's rule for masked units, n = int(p x length / L + U(0, 1)) spans with starts
/// drawn without replacement and lengths round(Normal(L, s)), merged where they overlap and cut at
/// SEP; an utterance without any gets one token. Spans of time: the same rule in milliseconds, a
/// span being the fewest tokens that last as long. Whether a target stays visible or is replaced is
/// drawn for each single token, but once for a whole span, since a visible token within a span
/// would show what its representation sees of its neighbors. Not thread-safe.
public final class Masking {
  /// What becomes of the phonetic units around tokens that are replaced by MASK.
  public enum Phonetic {
    /// They stay.
    @JsonProperty("visible")
    VISIBLE,
    /// Those of the token are hidden.
    @JsonProperty("masked")
    MASKED,
    /// All whose frames see any of the token are hidden.
    @JsonProperty("margin")
    MARGIN
  }

  /// Settings of masking: which tokens are hidden and become targets.
  ///
  /// @param probability share of an utterance's tokens that are targets; 0.15
  /// @param keep share of the targets (of the spans) that stay visible; 0.2 (first author's
  ///   prototype)
  /// @param random share of the targets (of the spans) that become random codes; 0 (fairseq: 0.1
  ///   with keep 0.1)
  /// @param spanLength 1 = single tokens; above, fairseq's spans of this mean length
  /// @param spanStddev standard deviation of a span's length
  /// @param maskPhonetic earlier name of [Phonetic#MASKED]; false
  /// @param spanMs spans of this mean length in milliseconds; 0 = by tokens
  /// @param spanMsStddev its standard deviation
  /// @param inverse whether spans are visible and all else is hidden; false
  /// @param phonetic what becomes of phonetic units; visible
  public record Config(
      double probability,
      double keep,
      double random,
      double spanLength,
      double spanStddev,
      boolean maskPhonetic,
      Double spanMs,
      Double spanMsStddev,
      Boolean inverse,
      Phonetic phonetic) {
    private static final double LONGEST_MS = 3.6e6;

    public Config {
      // Settings of runs of earlier versions lack these.
      spanMs = spanMs == null ? 0 : spanMs;
      spanMsStddev = spanMsStddev == null ? 0 : spanMsStddev;
      inverse = inverse != null && inverse;
      phonetic = phonetic == null ? Phonetic.VISIBLE : phonetic;
      require(probability > 0 && probability <= 1, "probability must be above 0 and at most 1");
      require(
          keep >= 0 && random >= 0 && keep + random <= 1,
          "keep and random must be 0 to 1 together");
      require(spanLength >= 1 && spanLength <= 10_000, "span_length must be 1 to 10000");
      require(spanStddev >= 0 && spanStddev <= 10_000, "span_stddev must be 0 to 10000");
      require(spanMs >= 0 && spanMs <= LONGEST_MS, "span_ms must be 0 (off) to 3600000");
      require(
          spanMsStddev >= 0 && spanMsStddev <= LONGEST_MS, "span_ms_stddev must be 0 to 3600000");
      require(
          spanMs == 0 || spanLength == 1,
          "span_ms and span_length both give the length of a span; set one of them");
    }

    /// Masks by tokens, all else visible.
    public Config(
        double probability,
        double keep,
        double random,
        double spanLength,
        double spanStddev,
        boolean maskPhonetic) {
      this(
          probability,
          keep,
          random,
          spanLength,
          spanStddev,
          maskPhonetic,
          0.0,
          0.0,
          false,
          Phonetic.VISIBLE);
    }

    /// Returns the default: 15 % of the tokens one by one, 80 % of them MASK, 20 % kept, phonetic
    /// units visible.
    public static Config defaults() {
      return new Config(0.15, 0.2, 0, 1, 0, false);
    }

    /// Returns what becomes of phonetic units, by either name.
    Phonetic hides() {
      return phonetic == Phonetic.VISIBLE && maskPhonetic ? Phonetic.MASKED : phonetic;
    }

    /// Returns whether targets are drawn in runs of tokens.
    boolean bySpan() {
      return inverse || spanMs > 0 || spanLength > 1;
    }

    /// Returns the largest share of a batch's tokens that may become targets, for the forecast of
    /// memory. A span of time may take all of a short utterance.
    public double mostTargets() {
      return spanMs > 0 && !inverse ? 1 : probability;
    }

    /// Refuses settings that a corpus says too little for.
    ///
    /// @param corpus in the view that the model reads
    /// @throws DuovoxException (BAD_CONFIG)
    public void requireFit(Corpus corpus) {
      if (hides() == Phonetic.MARGIN) {
        corpus.phonetic().ifPresent(Config::requireBounded);
      }
    }

    private static void requireBounded(CorpusStream stream) {
      ReceptiveField field =
          stream
              .features()
              .sees()
              .orElseThrow(() ->
                  DuovoxException.config(
                      "pretrain: masking.phonetic is margin, but the corpus does not say how far %s"
                              .formatted(stream.features().name())
                          + " sees (an earlier version made its features, or its units were"
                          + " imported); make features, units and corpus again, or set it to"
                          + " masked"));
      if (!field.isBounded()) {
        throw DuovoxException.config(
            ("pretrain: masking.phonetic is margin, but a frame of %s sees %s, so that no phonetic"
                    + " unit would be left; set it to masked, or take a convolutional layer")
                .formatted(stream.features().name(), field.text()));
      }
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
  private final ReceptiveField phoneticField; // Null unless it decides what is hidden.
  private final RowTimes times; // Null unless they decide what is hidden.
  private final SplitMix draws = SplitMix.of();
  private final TargetDraw targets;

  /// Masks for rows of at most `maxPositions` tokens.
  ///
  /// @param corpus that rows are of, in the view that the model reads
  public Masking(Config config, Corpus corpus, UnitIds ids, int maxPositions, long seed) {
    config.requireFit(corpus);
    boolean margin = config.hides() == Phonetic.MARGIN && corpus.phonetic().isPresent();
    this.config = config;
    this.ids = ids;
    this.seed = seed;
    this.phoneticField = margin ? corpus.phonetic().get().features().sees().orElseThrow() : null;
    this.times =
        margin || config.spanMs() > 0
            ? new RowTimes(corpus.contextual().features().intervalMs(), maxPositions)
            : null;
    this.targets = new TargetDraw(config, times, draws, maxPositions);
  }

  /// Returns whether the utterance of a row must be given.
  public boolean needsTimes() {
    return times != null;
  }

  /// Masks one row by settings that need its times; returns the number of targets.
  ///
  /// @param utterance that the row holds a window of
  public int apply(
      Slot slot, Shape shape, int row, long epoch, Window window, UnitUtterance utterance) {
    times.read(utterance, window);
    return apply(slot, shape, row, epoch, EpochSource.key(window));
  }

  /// Masks one row that holds CLS, tokens and SEP; returns the number of targets.
  ///
  /// @param key of the row's window
  public int apply(Slot slot, Shape shape, int row, long epoch, long key) {
    draws.reseed(seed, epoch, key);
    int length = slot.lengths().get(row);
    targets.draw(length);
    int count = 0;
    double fate = 0;
    for (int t = 1; t < length - 1; t++) {
      if (targets.isChosen(t)) {
        fate = config.bySpan() && targets.isChosen(t - 1) ? fate : draws.nextDouble();
        hide(slot, shape, row, t, fate);
        count++;
      }
    }
    if (phoneticField != null) {
      hideMargins(slot, shape, row, length);
    }
    return count;
  }

  /// Returns the number of targets of an utterance of this length, CLS and SEP included, when
  /// tokens are drawn one by one.
  static int count(double probability, int length) {
    int rounded = (int) Math.rint(probability * length);
    return Math.min(Math.max(rounded, 1), length - 2);
  }

  private void hide(Slot slot, Shape shape, int row, int t, double fate) {
    int at = row * shape.tokens() + t;
    slot.targets().put(at, slot.contextual().get(at));
    if (fate < config.keep()) {
      return;
    }
    if (fate < config.keep() + config.random()) {
      slot.contextual().put(at, draws.nextInt(ids.contextualCodes()));
      return;
    }
    slot.contextual().put(at, ids.mask());
    if (config.hides() == Phonetic.MASKED && ids.bothStreams()) {
      int units = row * shape.phoneticUnits();
      for (int i = slot.phoneticStart().get(at); i <= slot.phoneticEnd().get(at); i++) {
        slot.phonetic().put(units + i, ids.phoneticMask());
      }
    }
  }

  /// Hides the phonetic units around every run of masked tokens whose frames reach into it: those
  /// before as far as a frame sees ahead, those after as far as it sees back.
  private void hideMargins(Slot slot, Shape shape, int row, int length) {
    int at = row * shape.tokens();
    int first = 0;
    for (int t = 1; t < length; t++) {
      boolean masked = slot.contextual().get(at + t) == ids.mask();
      if (masked && first == 0) {
        first = t;
      } else if (!masked && first > 0) {
        int last = times.lastUnitBefore(times.end(t - 1) + phoneticField.beforeMs());
        int unit = times.firstUnitAfter(times.begin(first) - phoneticField.afterMs());
        for (; unit <= last; unit++) {
          slot.phonetic().put(row * shape.phoneticUnits() + unit, ids.phoneticMask());
        }
        first = 0;
      }
    }
  }
}
