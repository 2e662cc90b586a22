package org.duovox.train.data;

import java.util.Locale;
import java.util.Optional;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.Window;
import org.duovox.speech.ReceptiveField;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.corpus.UnitUtterance;

/// Measures which targets of masked prediction are truly hidden: of which no visible frame sees
/// anything, because all lie further away than its receptive field reaches.
///
/// A target that is masked but not truly hidden can be told from the frames of its neighbors, which
/// were computed from its audio; predicting it takes little knowledge of the context. What a
/// phonetic unit sees is judged by its estimated time ([RowTimes]), and in favor of sight.
public final class HiddenTargets {
  /// How many targets are hidden; `masking.json` of a run. The phonetic numbers are null for a
  /// single stream, or where the receptive field of its frames is unknown.
  ///
  /// @param contextual representation of the targets
  /// @param contextualMs its receptive field
  /// @param phonetic representation of the second stream
  /// @param phoneticMs its receptive field
  /// @param targets tokens with a loss, of a sample of batches
  /// @param kept of these, those that stay visible
  /// @param hidden of these, those that no visible contextual frame sees
  /// @param phoneticMasked of these, those all of whose own phonetic units are hidden
  /// @param phoneticHidden of these, those that no visible phonetic frame sees
  /// @param hiddenInBoth of these, those that no visible frame of either stream sees
  /// @param meanGapMs mean length of a stretch without a visible token
  public record Shares(
      String contextual,
      ReceptiveField contextualMs,
      String phonetic,
      ReceptiveField phoneticMs,
      long targets,
      long kept,
      long hidden,
      Long phoneticMasked,
      Long phoneticHidden,
      Long hiddenInBoth,
      double meanGapMs) {
    /// Name of the file in a run's folder.
    public static final String FILE = "masking.json";

    private static final double MOST = 0.5;

    /// Returns the share of the targets that are truly hidden.
    public double share() {
      return (double) hidden / targets;
    }

    /// Returns the numbers in words.
    public String text() {
      String seen =
          String.format(
              Locale.ROOT,
              "truly hidden are %.1f %% of %,d targets: %.1f %% stay visible, %.1f %% are masked"
                  + " but seen by visible frames (a frame of %s sees %s; stretches without a"
                  + " visible token last %.0f ms on average)",
              percent(hidden),
              targets,
              percent(kept),
              percent(seen()),
              contextual,
              contextualMs.text(),
              meanGapMs);
      return seen + unbounded() + second();
    }

    private String unbounded() {
      return contextualMs.equals(ReceptiveField.UTTERANCE)
          ? "; with such a representation none can be, unless nothing of its utterance is visible"
          : "";
    }

    private String second() {
      return phoneticMasked == null
          ? ""
          : String.format(
              Locale.ROOT,
              "; the phonetic units of %.1f %% are masked, of %.1f %% out of sight of visible ones"
                  + " too (a frame of %s sees %s); %.1f %% are hidden in both streams",
              percent(phoneticMasked),
              percent(phoneticHidden),
              phonetic,
              phoneticMs.text(),
              percent(hiddenInBoth));
    }

    /// Returns a warning when most targets are seen by the frames beside them, although they need
    /// not be.
    public Optional<String> warning() {
      boolean avoidable = contextualMs.isBounded();
      return avoidable && seen() > MOST * targets
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "most targets are in plain sight: %.1f %% of %,d are masked, but visible frames"
                      + " beside them see them (%s each, stretches without a visible token last"
                      + " %.0f ms); such a model predicts sound and learns little of the context:"
                      + " set pretrain.masking.span_ms to %.0f or more",
                  percent(seen()),
                  targets,
                  contextualMs.text(),
                  meanGapMs,
                  2 * contextualMs.widthMs()))
          : Optional.empty();
    }

    private long seen() {
      return targets - kept - hidden;
    }

    private double percent(long count) {
      return 100.0 * count / targets;
    }
  }

  private static final int BATCHES = 64;

  private final StreamInfo contextual;
  private final ReceptiveField field;
  private final Optional<StreamInfo> phonetic;
  private final ReceptiveField phoneticField; // Null unless both streams are known.
  private final UnitIds ids;
  private final RowTimes times;
  private long targets;
  private long kept;
  private long hidden;
  private long phoneticMasked;
  private long phoneticHidden;
  private long hiddenInBoth;
  private long gaps;
  private double gapMs;

  HiddenTargets(Corpus corpus, UnitIds ids, int maxPositions) {
    this.contextual = corpus.contextual().features();
    this.field = contextual.sees().orElseThrow();
    this.phonetic = corpus.phonetic().map(CorpusStream::features).filter(s -> s.sees().isPresent());
    this.phoneticField = phonetic.flatMap(StreamInfo::sees).orElse(null);
    this.ids = ids;
    this.times = new RowTimes(contextual.intervalMs(), maxPositions);
  }

  /// Measures a sample of the batches that a training reads; empty when it is unknown what a frame
  /// of its targets sees.
  public static Optional<Shares> measure(TrainPlan plan, UnitIds ids, int maxPositions) {
    Corpus corpus = plan.corpus();
    if (corpus.contextual().features().sees().isEmpty()) {
      return Optional.empty();
    }
    HiddenTargets found = new HiddenTargets(corpus, ids, maxPositions);
    plan.sample(
        BATCHES,
        (slot, shape, row, epoch, window) ->
            found.see(slot, shape, row, window, corpus.utterance(window.utterance())));
    return Optional.of(found.shares());
  }

  /// Counts the targets of a row.
  void see(Slot slot, Shape shape, int row, Window window, UnitUtterance utterance) {
    times.read(utterance, window);
    int at = row * shape.tokens();
    int last = window.to() - window.from();
    int before = 0; // The nearest visible token; 0 = none.
    int after = 1; // The next one; that after the last = none.
    for (int t = 1; t <= last; t++) {
      targets += slot.targets().get(at + t) >= 0 ? 1 : 0;
      if (isVisible(slot, at + t)) {
        kept += slot.targets().get(at + t) >= 0 ? 1 : 0;
        before = t;
        after = t + 1;
        continue;
      }
      if (before == t - 1) {
        after = nextVisible(slot, at, t, last);
        gaps++;
        gapMs += times.begin(after) - times.begin(t);
      }
      boolean outOfSight = isOutOfSight(t, before, after, last);
      hidden += outOfSight ? 1 : 0;
      if (phoneticField != null) {
        countPhonetic(slot, shape, row, t, outOfSight);
      }
    }
  }

  /// Returns the numbers so far.
  Shares shares() {
    boolean both = phoneticField != null;
    return new Shares(
        contextual.name(),
        field,
        both ? phonetic.get().name() : null,
        phoneticField,
        targets,
        kept,
        hidden,
        both ? phoneticMasked : null,
        both ? phoneticHidden : null,
        both ? hiddenInBoth : null,
        gaps == 0 ? 0 : gapMs / gaps);
  }

  /// A target that a random code replaces is not visible; all else that is not masked is.
  private boolean isVisible(Slot slot, int index) {
    int target = slot.targets().get(index);
    return target < 0 || slot.contextual().get(index) == target;
  }

  /// Returns the next visible token after one, or the position after the last.
  private int nextVisible(Slot slot, int at, int token, int last) {
    int next = token + 1;
    while (next <= last && !isVisible(slot, at + next)) {
      next++;
    }
    return next;
  }

  /// Distances are those of frame centers: from the last visible frame before, which sees ahead, to
  /// the target's first, and from its last to the next visible one, which sees back.
  private boolean isOutOfSight(int token, int before, int after, int last) {
    double frame = times.intervalMs();
    boolean unseenBefore =
        before == 0 || times.begin(token) - times.end(before) + frame > field.afterMs();
    boolean unseenAfter =
        after > last || times.begin(after) - times.end(token) + frame > field.beforeMs();
    return unseenBefore && unseenAfter;
  }

  private void countPhonetic(Slot slot, Shape shape, int row, int token, boolean outOfSight) {
    int index = row * shape.tokens() + token;
    int units = row * shape.phoneticUnits();
    boolean masked =
        areMasked(
            slot, units + slot.phoneticStart().get(index), units + slot.phoneticEnd().get(index));
    boolean unseen =
        areMasked(
            slot,
            units + times.firstUnitAfter(times.begin(token) - phoneticField.afterMs()),
            units + times.lastUnitBefore(times.end(token) + phoneticField.beforeMs()));
    phoneticMasked += masked ? 1 : 0;
    phoneticHidden += unseen ? 1 : 0;
    hiddenInBoth += unseen && outOfSight ? 1 : 0;
  }

  private boolean areMasked(Slot slot, int first, int last) {
    for (int i = first; i <= last; i++) {
      if (slot.phonetic().get(i) != ids.phoneticMask()) {
        return false;
      }
    }
    return true;
  }
}
