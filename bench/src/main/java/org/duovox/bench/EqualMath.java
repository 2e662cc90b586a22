package org.duovox.bench;

import java.util.ArrayList;
import java.util.List;

/// The proof that all contenders compute the same: equal parameters, one batch, no dropout.
///
/// The losses of step 1 agree with Duovox's to 1e-5 relative; those of the last step to 1e-3, of
/// the small model to 1e-4. `--small` leaves out the models of 4 x 512. Exit code 0: they agree; 1:
/// they do not; 69: a contender cannot be had.
public final class EqualMath {
  private static final double FIRST = 1e-5;

  /// One model and batch.
  ///
  /// @param last greatest relative difference of the losses of the last step
  private record Trial(Case size, int steps, double last) {
    static Trial of(String kind, String model, String batch, int steps, double last) {
      return new Trial(Case.of(kind, model, batch, 0), steps, last);
    }

    /// Factor of the matrices that a training begins with. At 1, attention is flat and tanh a line:
    /// a model without either has the same loss to 1e-5. At 5 and a width of 96 it has not.
    /// Products grow with the root of the width: this keeps them as large at every width. At 5 and
    /// 512, the rounding of float32 alone moves the loss by 1e-3.
    double gain() {
      return 5 * Math.sqrt(96.0 / size.hidden());
    }
  }

  private EqualMath() {}

  public static void main(String[] args) {
    int code = 0;
    for (Trial trial : trials(List.of(args).contains("--small"))) {
      code = Math.max(code, check(trial));
    }
    System.exit(code);
  }

  private static List<Trial> trials(boolean small) {
    List<Trial> trials = new ArrayList<>();
    for (String kind : List.of("single", "dual")) {
      trials.add(Trial.of(kind, "2x96", "4x32", 20, 1e-4));
      if (!small) {
        trials.add(Trial.of(kind, "4x512", "4x128", 20, 1e-3));
        trials.add(Trial.of(kind, "4x512", "1x1024", 5, 1e-3));
      }
    }
    return trials;
  }

  private static int check(Trial trial) {
    System.out.println(String.join(" ", trial.size().words()));
    try (WeightsFile weights = WeightsFile.write(trial.size(), trial.gain())) {
      List<Double> ours = losses(Side.DUOVOX, trial, weights);
      boolean equal = true;
      for (Side side : Side.values()) {
        List<Double> losses = side == Side.DUOVOX ? ours : losses(side, trial, weights);
        print(side, losses, ours);
        equal &= equal(ours, losses, trial.last());
      }
      System.out.println(equal ? "equal" : "DIFFERENT");
      return equal ? 0 : 1;
    } catch (IllegalStateException e) {
      System.err.println("duovox-bench: " + e.getMessage());
      return 69;
    }
  }

  private static List<Double> losses(Side side, Trial trial, WeightsFile weights) {
    return ChildJvm.losses(side, trial.size(), trial.steps(), weights.file());
  }

  private static void print(Side side, List<Double> losses, List<Double> ours) {
    StringBuilder line = new StringBuilder("  %-13s".formatted(side.label()));
    for (int step : new int[] {1, 2, losses.size()}) {
      double a = losses.get(step - 1);
      line.append("  step %d: %.7f".formatted(step, a));
      if (side != Side.DUOVOX) {
        line.append(" (%.1e)".formatted(difference(ours.get(step - 1), a)));
      }
    }
    System.out.println(line);
  }

  static boolean equal(List<Double> ours, List<Double> theirs, double last) {
    return difference(ours.getFirst(), theirs.getFirst()) <= FIRST
        && difference(ours.getLast(), theirs.getLast()) <= last;
  }

  private static double difference(double a, double b) {
    // A loss that is not a number differs from everything.
    double relative = Math.abs(a - b) / Math.abs(a);
    return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
  }
}
