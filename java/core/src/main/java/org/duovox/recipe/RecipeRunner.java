package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.audio.Manifest;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.TrainHost;
import org.duovox.train.TrainListener;

/// Runs a recipe from audio to `results.json`: features, then every fold's units, models and
/// evaluations.
///
/// The output folder holds `recipe.json` (as resolved), `results.json` and `stages/`; finished
/// stages are reused.
public final class RecipeRunner {
  private final Recipe recipe;
  private final Path output;
  private final int jobs;
  private final RunListener listener;

  /// @param jobs folds that run beside each other; the results do not depend on it
  public RecipeRunner(Recipe recipe, Path output, int jobs, RunListener listener) {
    this.recipe = recipe;
    this.output = output;
    this.jobs = jobs;
    this.listener = new OneAtATime(listener);
  }

  /// Runs all stages that are not finished yet.
  public Results run() {
    NativeRuntime.setThreads(recipe.threads());
    DataSet data = DataSet.read(recipe.data());
    if (!data.ignored().isEmpty()) {
      listener.remark(
          "%d files do not fit data.pattern and are left out, e.g. %s"
              .formatted(data.ignored().size(), data.ignored().getFirst()));
    }
    AtomicFiles.write(output.resolve("recipe.json"), Json.pretty(recipe));
    StageCache cache = new StageCache(output, listener);
    FeatureStage extraction = new FeatureStage(recipe, cache, listener);
    Stage features =
        extraction.run(
            "features", new Manifest(data.utterances(), recipe.data().root()), data.contentHash());
    SemanticSet semantic = semantic(extraction, cache);
    TrainHost host = TrainHost.cpu(TrainListener.NONE);
    List<FoldRun> folds =
        data.folds().stream()
            .map(fold -> new FoldRun(recipe, fold, features, semantic, cache, host, listener))
            .toList();
    Results results = Results.of(recipe.name(), rows(new FoldPool(jobs).run(folds)));
    results.write(output);
    return results;
  }

  private SemanticSet semantic(FeatureStage extraction, StageCache cache) {
    if (recipe.evaluations().ssimi() == null) {
      return null;
    }
    Path root = Path.of(recipe.evaluations().ssimi().root());
    Manifest words = SemanticSet.manifest(root);
    Stage features = extraction.run("features-words", words, DataSet.hash(words.utterances()));
    return new SemanticSet(recipe, root, features, cache, listener);
  }

  /// Classifier rows grouped by task and system, each group with its mean; then sSIMI.
  private List<Row> rows(List<FoldRun.Outcome> outcomes) {
    Map<String, List<Scored>> groups = new LinkedHashMap<>();
    for (FoldRun.Outcome outcome : outcomes) {
      for (Scored scored : outcome.scored()) {
        groups
            .computeIfAbsent(
                scored.row().task() + "/" + scored.row().system(), k -> new ArrayList<>())
            .add(scored);
      }
    }
    List<Row> rows = new ArrayList<>();
    groups.values().forEach(group -> rows.addAll(FoldRows.withMean(group, recipe.seed())));
    outcomes.forEach(outcome -> rows.addAll(outcome.semantic()));
    return rows;
  }
}
