package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.Versions;
import org.duovox.audio.Manifest;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.MemoryBudget;
import org.duovox.train.TrainControl;
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
  private final Device device;
  private final RunListener listener;

  /// @param jobs folds that run beside each other; the results do not depend on it
  /// @param device where models are trained and evaluated, made ready by the caller; no setting of
  ///   the recipe, so that finished stages are reused on another
  public RecipeRunner(Recipe recipe, Path output, int jobs, Device device, RunListener listener) {
    this.recipe = recipe;
    this.output = output;
    this.jobs = jobs;
    this.device = device;
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
    StageCache cache = new StageCache(output, versions(), listener);
    FeatureStage extraction = new FeatureStage(recipe, cache, listener);
    Stage features =
        extraction.run(
            "features", new Manifest(data.utterances(), recipe.data().root()), data.contentHash());
    SemanticSet semantic = semantic(extraction, cache);
    TrainHost host =
        new TrainHost(device, new MemoryBudget(), new TrainControl(), TrainListener.NONE);
    List<FoldRun> folds =
        data.folds().stream()
            .map(fold -> new FoldRun(recipe, fold, features, semantic, cache, host, listener))
            .toList();
    Results results = Results.of(recipe.name(), rows(new FoldPool(jobs, listener).run(folds)));
    results.write(output);
    return results;
  }

  /// What every stage runs on.
  private static Map<String, String> versions() {
    return Map.of("duovox", Versions.DUOVOX, "libtorch", NativeRuntime.info().libtorch());
  }

  private SemanticSet semantic(FeatureStage extraction, StageCache cache) {
    if (recipe.evaluations().ssimi() == null) {
      return null;
    }
    Path root = Path.of(recipe.evaluations().ssimi().root());
    Manifest words = SemanticSet.manifest(root, recipe.data().rules());
    Stage features = extraction.run("features-words", words, DataSet.hash(words.utterances()));
    return new SemanticSet(recipe, root, features, cache, device, listener);
  }

  /// Rows grouped by task, data and system, each group with its mean: those of the classifiers,
  /// then those of sSIMI.
  private List<Row> rows(List<FoldRun.Outcome> outcomes) {
    Map<List<String>, List<Scored>> groups = new LinkedHashMap<>();
    Stream.concat(
            outcomes.stream().flatMap(outcome -> outcome.scored().stream()),
            outcomes.stream().flatMap(outcome -> outcome.semantic().stream()))
        .forEach(scored ->
            groups.computeIfAbsent(group(scored.row()), key -> new ArrayList<>()).add(scored));
    List<Row> rows = new ArrayList<>();
    groups.values().forEach(group -> rows.addAll(FoldRows.withMean(group, recipe.seed())));
    return rows;
  }

  private static List<String> group(Row row) {
    return List.of(row.task(), row.dataset(), row.system());
  }
}
