package org.duovox.bench;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.duovox.bench.Proof.Agreement;

/// The proof that all contenders compute the same: equal parameters, one batch, no dropout.
///
/// The losses of step 1 agree with Duovox's to 1e-5 relative; those of the last step to 1e-3, of
/// the small model to 1e-4. `--small` leaves out the models of 4 x 512. Exit code 0: they agree; 1:
/// they do not; 69: a contender cannot be had.
public final class EqualMath {
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
    Proof proof = prove(List.of(args).contains("--small"));
    System.exit(!proof.equal() ? 1 : proof.missing().isEmpty() ? 0 : 69);
  }

  /// Runs every contender and prints its losses; a contender that fails is left out from then on.
  ///
  /// @throws IllegalStateException when Duovox fails
  static Proof prove(boolean small) {
    List<Agreement> agreements = new ArrayList<>();
    Set<Side> missing = EnumSet.noneOf(Side.class);
    for (Trial trial : trials(small)) {
      System.out.println(String.join(" ", trial.size().words()));
      try (WeightsFile weights = WeightsFile.write(trial.size(), trial.gain())) {
        List<Double> ours = losses(Side.DUOVOX, trial, weights);
        print(Side.DUOVOX, ours, ours);
        for (Side side : EnumSet.complementOf(EnumSet.of(Side.DUOVOX))) {
          if (!missing.contains(side)) {
            compare(side, trial, weights, ours, agreements, missing);
          }
        }
      }
    }
    return new Proof(agreements, missing);
  }

  private static void compare(
      Side side,
      Trial trial,
      WeightsFile weights,
      List<Double> ours,
      List<Agreement> agreements,
      Set<Side> missing) {
    try {
      List<Double> theirs = losses(side, trial, weights);
      print(side, theirs, ours);
      Agreement agreement = Agreement.of(trial.size(), side, ours, theirs, trial.last());
      System.out.println("    " + (agreement.equal() ? "equal" : "DIFFERENT"));
      agreements.add(agreement);
    } catch (IllegalStateException e) {
      System.err.println("duovox-bench: " + e.getMessage() + "; it is left out");
      missing.add(side);
    }
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

  private static List<Double> losses(Side side, Trial trial, WeightsFile weights) {
    return ChildJvm.losses(side, trial.size(), trial.steps(), weights.file());
  }

  private static void print(Side side, List<Double> losses, List<Double> ours) {
    StringBuilder line = new StringBuilder("  %-13s".formatted(side.label()));
    for (int step : new int[] {1, 2, losses.size()}) {
      double loss = losses.get(step - 1);
      line.append("  step %d: %.7f".formatted(step, loss));
      if (side != Side.DUOVOX) {
        line.append(" (%.1e)".formatted(Proof.difference(ours.get(step - 1), loss)));
      }
    }
    System.out.println(line);
  }
}
