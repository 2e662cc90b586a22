package org.duovox.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.eval.compare.Effect;
import org.duovox.eval.compare.Holm;
import org.duovox.eval.compare.ItemScore;
import org.duovox.eval.compare.TwoLevelBootstrap;
import org.duovox.experiment.Finding.Measured;

/// Makes the comparisons of an experiment: each by a paired bootstrap over the seeds that both arms
/// have and the items, all of them corrected together.
final class Findings {
  private final Map<Map<String, String>, Arm> arms = new HashMap<>();
  private final TwoLevelBootstrap bootstrap;

  /// @param seed of the bootstrap
  Findings(List<Arm> arms, int draws, long seed) {
    arms.forEach(arm -> this.arms.put(arm.values(), arm));
    this.bootstrap = new TwoLevelBootstrap(draws, seed);
  }

  /// Returns the findings, in the order of the pairings.
  List<Finding> of(List<Pairing> pairings) {
    List<Measured> measured = pairings.stream().map(this::measure).toList();
    double[] corrected =
        Holm.corrected(measured.stream().mapToDouble(m -> m.effect().p()).toArray());
    int counted = (int) Arrays.stream(corrected).filter(p -> !Double.isNaN(p)).count();
    return IntStream.range(0, measured.size())
        .mapToObj(i -> measured.get(i).finding(corrected[i], counted))
        .toList();
  }

  private Measured measure(Pairing pairing) {
    Metric metric = pairing.comparison().metric();
    String dataset = pairing.comparison().dataset();
    Arm ofArm = arms.get(pairing.of());
    Arm againstArm = arms.get(pairing.against());
    Map<String, ItemScore> one = ofArm.scores(metric, dataset);
    Map<String, ItemScore> other = againstArm.scores(metric, dataset);
    boolean same = ofArm.items(metric).equals(againstArm.items(metric));
    List<ItemScore> ofBoth = new ArrayList<>();
    List<ItemScore> againstBoth = new ArrayList<>();
    one.forEach((seed, score) -> {
      ItemScore paired = other.get(seed);
      if (same && paired != null && paired.strata().equals(score.strata())) {
        ofBoth.add(score);
        againstBoth.add(paired);
      }
    });
    Effect effect =
        ofBoth.isEmpty() ? Effect.undefined(0, 0) : bootstrap.difference(ofBoth, againstBoth);
    return new Measured(
        pairing, mean(ofBoth), mean(againstBoth), effect, values(one), values(other));
  }

  private static double mean(List<ItemScore> scores) {
    return scores.stream().mapToDouble(ItemScore::value).average().orElse(Double.NaN);
  }

  private static Map<String, Double> values(Map<String, ItemScore> scores) {
    Map<String, Double> values = new LinkedHashMap<>();
    scores.forEach((seed, score) -> values.put(seed, Finding.number(score.value())));
    return values;
  }
}
