package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.duovox.eval.Estimate;
import org.duovox.eval.compare.Effect;
import org.duovox.eval.compare.ItemScore;
import org.duovox.eval.compare.PairScore.Statistic;
import org.duovox.eval.compare.TwoLevelBootstrap;
import org.duovox.eval.compare.WordPairs;
import org.duovox.recipe.FoldRows.Hits;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.FoldRun.Outcome;
import org.duovox.recipe.Recipe.ModelSystem;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.WordMeaning.DevScores;
import org.duovox.recipe.WordMeaning.Tried;
import org.duovox.recipe.WordsConfig.Setting;

/// A recipe whose models are trained and whose words of dev are scored. Those of test are scored
/// when a setting has been chosen, and once for each system.
public final class TrainedRecipe {
  private static final String TASK = "word meaning (%s)";

  private final Recipe recipe;
  private final List<Outcome> folds;
  private final WordMeaning meaning;
  private final StageCache cache;

  /// What a setting of the evaluation `words` scores on dev: means over folds and groups of pairs;
  /// NaN where undefined.
  public record DevScore(Setting setting, double auc, double spearman) {
    /// Returns the means over several runs.
    ///
    /// @param runs the scores of each, of the same settings in the same order
    public static List<DevScore> means(List<List<DevScore>> runs) {
      return IntStream.range(0, runs.getFirst().size())
          .mapToObj(i -> mean(runs.stream().map(run -> run.get(i)).toList()))
          .toList();
    }

    /// Returns the setting with the best mean over several runs, the first of equals.
    ///
    /// @param runs the scores of each, of the same settings in the same order
    public static DevScore best(List<List<DevScore>> runs, Statistic by) {
      return means(runs).stream()
          .reduce((a, b) -> b.by(by) > a.by(by) || Double.isNaN(a.by(by)) ? b : a)
          .orElseThrow();
    }

    private static DevScore mean(List<DevScore> scores) {
      return new DevScore(
          scores.getFirst().setting(),
          scores.stream().mapToDouble(DevScore::auc).average().orElseThrow(),
          scores.stream().mapToDouble(DevScore::spearman).average().orElseThrow());
    }

    /// Returns the score of a statistic.
    public double by(Statistic statistic) {
      return statistic == Statistic.AUC ? auc : spearman;
    }
  }

  /// The words of a system, scored by one setting.
  ///
  /// @param part `test`, or `dev` where there is no test
  /// @param folds the pairs of each fold
  /// @param folders of the stages, which hold `pairs.csv` and `words.safetensors`
  public record Words(String part, List<WordPairs> folds, List<Path> folders) {
    /// Returns the scores by group of pairs, each the mean over folds.
    ///
    /// @param similar share of a group's highest gold similarity from which two words are alike
    public Map<String, ItemScore> scores(Statistic statistic, double similar) {
      List<Map<String, ItemScore>> each =
          folds.stream().map(pairs -> pairs.scores(statistic, similar)).toList();
      Map<String, ItemScore> scores = new LinkedHashMap<>();
      each.getFirst()
          .keySet()
          .forEach(group ->
              scores.put(
                  group, new ItemScore.Average(each.stream().map(m -> m.get(group)).toList())));
      return scores;
    }
  }

  TrainedRecipe(Recipe recipe, List<Outcome> folds, WordMeaning meaning, StageCache cache) {
    this.recipe = recipe;
    this.folds = folds;
    this.meaning = meaning;
    this.cache = cache;
  }

  /// Returns the rows of the classifiers and of sSIMI, fold by fold and their means.
  public List<Row> rows() {
    return FoldRows.of(folds, recipe.seed());
  }

  /// Returns the stages that were run or reused so far.
  public List<Stage> stages() {
    return cache.finished();
  }

  /// Returns what was recognized, by task of the rows: 1 or 0 for each test utterance, by fold.
  public Map<String, List<double[]>> hits() {
    Map<String, List<double[]>> hits = new LinkedHashMap<>();
    for (Outcome fold : folds) {
      for (Scored scored : fold.scored()) {
        if (scored instanceof Hits h) {
          hits.computeIfAbsent(h.row().task(), task -> new ArrayList<>()).add(h.hits());
        }
      }
    }
    return hits;
  }

  /// Returns what the settings of a system score on dev, in a fixed order; empty where words are
  /// not evaluated.
  public List<DevScore> devScores(ModelSystem system) {
    if (meaning == null) {
      return List.of();
    }
    List<DevScores> each = folds.stream().map(fold -> fold.dev().get(system)).toList();
    return IntStream.range(0, each.getFirst().tried().size())
        .mapToObj(i ->
            DevScore.mean(
                each.stream()
                    .map(scores -> scores.tried().get(i))
                    .map(tried -> mean(tried))
                    .toList()))
        .toList();
  }

  private static DevScore mean(Tried tried) {
    return new DevScore(tried.setting(), mean(tried.auc()), mean(tried.spearman()));
  }

  private static double mean(Map<String, Double> groups) {
    return groups.values().stream()
        .mapToDouble(value -> value == null ? Double.NaN : value)
        .average()
        .orElse(Double.NaN);
  }

  /// Scores the words of a system by a setting.
  ///
  /// @throws RunStopped when it was asked to stop
  public Words words(ModelSystem system, Setting setting) {
    List<Path> folders = folds.stream().map(fold -> fold.words(system, setting).folder()).toList();
    return new Words(meaning.lastPart(), folders.stream().map(WordPairs::read).toList(), folders);
  }

  /// Returns all rows, those of words too, by the setting that is best on dev.
  List<Row> allRows() {
    List<Row> rows = new ArrayList<>(rows());
    if (meaning != null) {
      recipe.systems().forEach(system -> rows.addAll(wordRows(system)));
    }
    return rows;
  }

  private List<Row> wordRows(ModelSystem system) {
    Setting best = DevScore.best(List.of(devScores(system)), Statistic.AUC).setting();
    Words words = words(system, best);
    List<Row> rows = new ArrayList<>();
    for (Statistic statistic : Statistic.values()) {
      words
          .scores(statistic, recipe.evaluations().words().similar())
          .forEach((group, score) -> {
            Effect effect = TwoLevelBootstrap.seeded(recipe.seed()).score(List.of(score));
            Estimate estimate =
                new Estimate(
                    effect.value(), effect.low(), effect.high(), effect.items(), recipe.seed());
            rows.add(
                Row.of(
                    TASK.formatted(statistic == Statistic.AUC ? "AUC" : "Spearman"),
                    words.part() + " " + group,
                    Results.MEAN,
                    system.label(),
                    statistic.label(),
                    estimate));
          });
    }
    return rows;
  }
}
