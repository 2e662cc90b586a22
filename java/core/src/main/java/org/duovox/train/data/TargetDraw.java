package org.duovox.train.data;

import java.util.Arrays;
import org.duovox.units.SplitMix;

/// Draws which tokens of a row become targets: single tokens, spans of tokens, spans of time, or
/// all that lies outside of such spans. For one thread.
final class TargetDraw {
  private final Masking.Config config;
  private final RowTimes times;
  private final SplitMix draws;
  private final int[] order;
  private final boolean[] chosen;

  /// @param times of the row, where spans are of time
  /// @param draws seeded by the caller for every row
  TargetDraw(Masking.Config config, RowTimes times, SplitMix draws, int maxPositions) {
    this.config = config;
    this.times = times;
    this.draws = draws;
    this.order = new int[maxPositions];
    this.chosen = new boolean[maxPositions];
  }

  /// Whether the token at a position was drawn.
  boolean isChosen(int position) {
    return chosen[position];
  }

  /// Draws the targets of a row of this length, CLS and SEP included, which are never drawn.
  void draw(int length) {
    int inner = length - 2;
    for (int i = 0; i < inner; i++) {
      order[i] = i + 1;
    }
    Arrays.fill(chosen, 0, length, false);
    if (config.inverse()) {
      islands(length);
    } else if (config.spanMs() > 0) {
      spansOfTime(length);
    } else if (config.spanLength() > 1) {
      spansOfTokens(length);
    } else {
      tokens(length);
    }
  }

  private void tokens(int length) {
    int count = Masking.count(config.probability(), length);
    for (int i = 0; i < count; i++) {
      chosen[start(i, length)] = true;
    }
  }

  private void spansOfTokens(int length) {
    int spans = spans(config.probability() * length / config.spanLength(), length);
    boolean any = false;
    for (int i = 0; i < spans; i++) {
      int start = start(i, length);
      int end = Math.min(start + Math.max(0, tokensOfSpan()), length - 1);
      any |= end > start;
      Arrays.fill(chosen, start, end, true);
    }
    if (!any) {
      chosen[1 + draws.nextInt(length - 2)] = true;
    }
  }

  /// A span that the end of the row would cut short begins earlier, so that it covers its time
  /// wherever the row is long enough.
  private void spansOfTime(int length) {
    int spans = spans(config.probability() * times.end(length - 2) / config.spanMs(), length);
    boolean any = false;
    for (int i = 0; i < spans; i++) {
      int start = start(i, length);
      double ms = timeOfSpan();
      int end = covering(start, ms, length);
      while (start > 1 && times.end(end - 1) - times.begin(start) < ms && ms > 0) {
        start--;
      }
      any |= end > start;
      Arrays.fill(chosen, start, end, true);
    }
    if (!any) {
      chosen[1 + draws.nextInt(length - 2)] = true;
    }
  }

  /// Visible spans are drawn until exactly the targets are left outside; the last is cut.
  private void islands(int length) {
    Arrays.fill(chosen, 1, length - 1, true);
    int visible = length - 2 - Masking.count(config.probability(), length);
    for (int i = 0; visible > 0; i++) {
      int start = start(i, length);
      int end =
          config.spanMs() > 0 ? covering(start, timeOfSpan(), length) : start + tokensOfSpan();
      end = Math.clamp(end, start + 1, length - 1);
      for (int t = start; t < end && visible > 0; t++) {
        visible -= chosen[t] ? 1 : 0;
        chosen[t] = false;
      }
    }
  }

  /// Rounds an expected number of spans at random, so that short rows have their share of them.
  private int spans(double expected, int length) {
    return Math.min(length - 2, (int) (expected + draws.nextDouble()));
  }

  private int tokensOfSpan() {
    return (int) Math.rint(config.spanLength() + config.spanStddev() * draws.nextGaussian());
  }

  private double timeOfSpan() {
    return config.spanMs() + config.spanMsStddev() * draws.nextGaussian();
  }

  /// Returns the position after the first tokens from `start` on that last at least so long, or
  /// SEP.
  private int covering(int start, double ms, int length) {
    int end = start;
    while (end < length - 1 && times.begin(end) - times.begin(start) < ms) {
      end++;
    }
    return end;
  }

  /// Returns the next position in random order (one step of Fisher and Yates).
  private int start(int index, int length) {
    int other = index + draws.nextInt(length - 2 - index);
    int position = order[other];
    order[other] = order[index];
    order[index] = position;
    return position;
  }
}
