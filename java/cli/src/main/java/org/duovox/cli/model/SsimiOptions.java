package org.duovox.cli.model;

import java.util.OptionalDouble;
import org.duovox.DuovoxException;
import org.duovox.eval.Centering;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.io.Decimals;
import picocli.CommandLine.Option;

/// Options that 'ssimi' and 'ssimi select' share: what is done to vectors and beside correlations.
final class SsimiOptions {
  /// The word that stands for all distances or poolings.
  static final String ALL = "all";

  private static final String HIGHER = "higher";

  @Option(
      names = "--center",
      paramLabel = "NAME",
      defaultValue = "none",
      description =
          "Mean taken off the vectors first: none, as officially; voice: of each voice (of each"
              + " type); type. Default: ${DEFAULT-VALUE}.")
  private String center;

  @Option(
      names = "--auc",
      arity = "0..1",
      paramLabel = "X",
      fallbackValue = HIGHER,
      description =
          "Also compute the area under the ROC curve for pairs of the same class: those judged X or"
              + " more; without X those of the higher of two judgments.")
  private String auc;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the bootstrap intervals. Default: ${DEFAULT-VALUE}.")
  private long seed;

  Centering centering() {
    return Centering.of(center);
  }

  /// Returns which pairs are of the same class; null when no area is asked for.
  SameClass sameClass() {
    if (auc == null || auc.equals(HIGHER)) {
      return auc == null ? null : new SameClass(OptionalDouble.empty());
    }
    OptionalDouble threshold = Decimals.parse(auc);
    if (threshold.isEmpty()) {
      throw DuovoxException.usage("--auc: '" + auc + "' is not a decimal number");
    }
    return new SameClass(threshold);
  }

  long seed() {
    return seed;
  }
}
