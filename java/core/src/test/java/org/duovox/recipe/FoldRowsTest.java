package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.duovox.eval.Bootstrap;
import org.duovox.eval.Estimate;
import org.duovox.eval.Roc;
import org.duovox.eval.Spearman;
import org.duovox.eval.Ssimi;
import org.duovox.eval.Ssimi.SameClass;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.SemanticSet.PairGroup;
import org.duovox.recipe.SemanticSet.PairScores;
import org.duovox.units.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The row `mean` of classifiers and of similarities.
class FoldRowsTest {
  private static final long SEED = 5;
  private static final int PAIRS = 40;

  @TempDir Path folder;

  /// Distances that follow the judgments more or less: another draw for another fold.
  private static PairGroup pairs(long fold) {
    SplitMix draws = SplitMix.of(3);
    SplitMix noise = SplitMix.of(fold);
    List<Double> human = new ArrayList<>();
    List<Double> distances = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      human.add((double) draws.nextInt(10));
      distances.add(-human.getLast() + 8 * noise.nextGaussian());
    }
    return new PairGroup(human, distances);
  }

  private static Scored fold(String name, PairGroup pairs) {
    Estimate estimate = Ssimi.mean(pairs.judgments(), List.of(pairs.measured()), SEED);
    return new FoldRows.Pairs(
        Row.of("sSIMI", "synthetic/x", name, "dual", "100 x Spearman", estimate), pairs);
  }

  private static double correlation(PairGroup pairs, int[] drawn) {
    double[] human = Arrays.stream(pairs.judgments()).map(value -> -value).toArray();
    return 100 * new Spearman(human, pairs.measured()).value(drawn);
  }

  @Test
  void similaritiesHaveAMeanOverFolds() {
    List<Row> rows =
        FoldRows.withMean(List.of(fold("speaker=a", pairs(1)), fold("speaker=b", pairs(2))), SEED);
    assertEquals(List.of("speaker=a", "speaker=b", "mean"), rows.stream().map(Row::split).toList());
    Row mean = rows.getLast();
    assertEquals((rows.get(0).value() + rows.get(1).value()) / 2, mean.value(), 1e-12);
    assertEquals(PAIRS, mean.n(), "the pairs are the same in each fold");
    assertEquals(SEED, mean.seed());
  }

  /// The definition, written out: pairs are drawn, once for all folds, and the mean of the folds'
  /// correlations on them is taken.
  @Test
  void aResampleOfPairsIsTheSameForEveryFold() {
    Row mean = FoldRows.withMean(List.of(fold("a", pairs(1)), fold("b", pairs(2))), SEED).getLast();
    Estimate byHand =
        Bootstrap.seeded(SEED)
            .of(PAIRS, drawn -> (correlation(pairs(1), drawn) + correlation(pairs(2), drawn)) / 2);
    assertEquals(byHand.low(), mean.low(), 1e-9);
    assertEquals(byHand.high(), mean.high(), 1e-9);
  }

  /// Folds that agree add no certainty about other pairs; drawn apart for each fold, they would.
  @Test
  void equalFoldsHaveTheIntervalOfOne() {
    Row one = fold("a", pairs(1)).row();
    Row mean =
        FoldRows.withMean(
                Stream.of("a", "b", "c", "d").map(name -> fold(name, pairs(1))).toList(), SEED)
            .getLast();
    assertEquals(one.low(), mean.low(), 1e-9);
    assertEquals(one.high(), mean.high(), 1e-9);
  }

  @Test
  void theMeanOfOneFoldRepeatsIt() {
    List<Row> rows = FoldRows.withMean(List.of(fold("test", pairs(1))), SEED);
    Row only = rows.getFirst();
    assertEquals(
        new Row(
            only.task(),
            only.dataset(),
            "mean",
            only.system(),
            only.metric(),
            only.value(),
            only.low(),
            only.high(),
            only.n(),
            only.seed()),
        rows.getLast());
  }

  @Test
  void areasHaveAMeanOverFoldsLikewise() {
    SameClass high = new SameClass(OptionalDouble.of(7));
    List<Scored> folds =
        List.of(
            new FoldRows.Areas(row("a", 0), pairs(1), high),
            new FoldRows.Areas(row("b", 0), pairs(2), high));
    Row mean = FoldRows.withMean(folds, SEED).getLast();
    assertEquals((area(pairs(1)) + area(pairs(2))) / 2, mean.value(), 1e-12);
    assertEquals(PAIRS, mean.n(), "the pairs are the same in each fold");
  }

  private static double area(PairGroup pairs) {
    boolean[] same = new boolean[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      same[i] = pairs.judgments()[i] >= 7;
    }
    return new Roc(pairs.measured(), same).value();
  }

  @Test
  void theMeanIsUndefinedWhereAFoldIs() {
    List<Double> nothing = new ArrayList<>(pairs(1).distances());
    nothing.set(3, null);
    PairGroup undefined = new PairGroup(pairs(1).human(), nothing);
    Row mean =
        FoldRows.withMean(List.of(fold("a", pairs(2)), fold("b", undefined)), SEED).getLast();
    assertNull(mean.value());
    assertNull(mean.low());
  }

  @Test
  void scoresOfPairsSurviveTheFile() {
    List<Double> distances = Arrays.asList(0.25, null);
    PairScores scores =
        new PairScores(Map.of("synthetic/x", new PairGroup(List.of(3.5, 1.0), distances)));
    scores.write(folder);
    assertEquals(scores, PairScores.read(folder));
    assertEquals(Double.NaN, scores.groups().get("synthetic/x").measured()[1]);
  }

  @Test
  void accuraciesAreResampledWithinTheirFolds() {
    List<Scored> folds =
        List.of(
            new FoldRows.Hits(row("a", 0.5), new double[] {1, 0}),
            new FoldRows.Hits(row("b", 1), new double[] {1, 1, 1}));
    Row mean = FoldRows.withMean(folds, SEED).getLast();
    assertEquals(0.75, mean.value(), 1e-12);
    assertEquals(5, mean.n());
  }

  private static Row row(String split, double value) {
    return Row.of(
        "digit", "d", split, "dual", "accuracy", new Estimate(value, value, value, 2, SEED));
  }
}
