package org.duovox.model.match;

import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.units.corpus.Corpus;

/// Sizes a baseline so that it has as many parameters, or costs as many operations, as the
/// dual-channel model of the same settings.
///
/// Layers and heads do not change. The hidden width is searched in multiples of heads and 4, with
/// the feed-forward width in proportion; then the feed-forward width alone, in steps of 8, makes up
/// the rest. The search counts costs by arithmetic; reference and result are measured.
///
/// @param config the baseline, fitted to the corpus
/// @param report how it was sized
public record ModelMatch(ModelConfig config, MatchReport report) {
  private static final int FEED_FORWARD_STEP = 8;
  private static final int MOST_HIDDEN = 16_384;

  /// Sizes a baseline.
  ///
  /// @param baseline a single-stream model or a joint sequence
  /// @throws DuovoxException (BAD_CONFIG) when no width comes within 10 % of the reference
  public static ModelMatch of(ModelConfig baseline, Match by, Corpus corpus) {
    if (baseline.dual() || by == Match.NONE) {
      throw DuovoxException.config(
          "match: a single-stream or joint model is matched to the dual-channel one; set model.kind"
              + " to single or joint");
    }
    ModelConfig reference = baseline.dualOfSameSettings().fitTo(corpus);
    ModelConfig start = baseline.fitTo(corpus);
    CostSample sample = new CostSample(corpus);
    ModelConfig matched = search(start, by, sample, sample.counted(reference, by));
    MatchReport report =
        MatchReport.of(
            by,
            sample.measured(reference),
            sample.measured(start),
            sample.measured(matched),
            sample.size());
    return new ModelMatch(matched, report);
  }

  private static ModelConfig search(ModelConfig start, Match by, CostSample sample, double wanted) {
    int step = lcm(start.heads(), 4);
    int low = 1;
    int high = Math.max(1, MOST_HIDDEN / step);
    // The first width that costs at least as much; cost grows with the width.
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sample.counted(scaled(start, middle * step), by) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    ModelConfig above = tuned(scaled(start, low * step), by, sample, wanted);
    ModelConfig best = above;
    if (low > 1) {
      ModelConfig below = tuned(scaled(start, (low - 1) * step), by, sample, wanted);
      best =
          distance(below, by, sample, wanted) < distance(above, by, sample, wanted) ? below : above;
    }
    double left = distance(best, by, sample, wanted) / wanted;
    if (left > 0.1) {
      throw DuovoxException.config(
          ("match: the nearest baseline (hidden %d, feed_forward %d) is still %.0f %% away from the"
                  + " dual-channel model; change model.layers or model.heads")
              .formatted(best.hidden(), best.feedForward(), 100 * left));
    }
    return best;
  }

  private static ModelConfig scaled(ModelConfig start, int hidden) {
    long wide = Math.round((double) start.feedForward() * hidden / start.hidden());
    return sized(start, hidden, wide);
  }

  private static ModelConfig sized(ModelConfig start, int hidden, long feedForward) {
    long steps = Math.max(1, Math.round(feedForward / (double) FEED_FORWARD_STEP));
    return start.with(draft -> {
      draft.hidden = hidden;
      draft.feedForward = Math.toIntExact(steps * FEED_FORWARD_STEP);
    });
  }

  /// Returns the shape with the feed-forward width that comes nearest; cost is linear in this
  /// width.
  private static ModelConfig tuned(ModelConfig config, Match by, CostSample sample, double wanted) {
    int wide = config.feedForward();
    ModelConfig wider = sized(config, config.hidden(), wide + 8L * FEED_FORWARD_STEP);
    double cost = sample.counted(config, by);
    double slope = (sample.counted(wider, by) - cost) / (wider.feedForward() - wide);
    double exact = wide + (wanted - cost) / slope;
    long least = Math.max(FEED_FORWARD_STEP, wide / 2);
    return sized(config, config.hidden(), Math.round(Math.clamp(exact, least, 2.0 * wide)));
  }

  private static double distance(ModelConfig config, Match by, CostSample sample, double wanted) {
    return Math.abs(sample.counted(config, by) - wanted);
  }

  private static int lcm(int a, int b) {
    int x = a;
    int y = b;
    while (y != 0) {
      int rest = x % y;
      x = y;
      y = rest;
    }
    return a / x * b;
  }
}
