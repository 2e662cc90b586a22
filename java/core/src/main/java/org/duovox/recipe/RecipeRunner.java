package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Manifest;
import org.duovox.internal.BuildIdentity;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.recipe.FoldRows.Scored;
import org.duovox.recipe.Results.Row;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;

/// Runs a recipe from audio to `results.json`: features, then every fold's units, models and
/// evaluations.
///
/// The output folder holds `recipe.json` (as resolved), `results.json` and `stages/`; finished
/// stages are reused.
public final class RecipeRunner {
  private final Recipe recipe;
  private final Path output;
  private final int jobs;
  private final TrainHost host;
  private final RunListener listener;

  /// @param jobs folds that run beside each other; the results do not depend on it
  /// @param device where models are trained and evaluated, made ready by the caller; no setting of
  ///   the recipe, so that finished stages are reused on another
  /// @param control asks trainings to save, and the whole run to stop
  public RecipeRunner(
      Recipe recipe,
      Path output,
      int jobs,
      Device device,
      TrainControl control,
      RunListener listener) {
    this.recipe = recipe;
    this.output = output;
    this.jobs = jobs;
    this.host = new TrainHost(device, new MemoryBudget(), control, TrainListener.NONE);
    this.listener = new OneAtATime(listener);
  }

  /// Runs all stages that are not finished yet.
  ///
  /// @throws RunStopped when it was asked to stop, or the thread is interrupted, and a stage was
  ///   not finished
  public Results run() {
    try {
      return runStages();
    } catch (DuovoxException e) {
      if (e.kind() == Kind.RETRY && Thread.currentThread().isInterrupted()) {
        throw new RunStopped("by an interruption");
      }
      throw e;
    }
  }

  private Results runStages() {
    NativeRuntime.setThreads(recipe.threads());
    DataSet data = DataSet.read(recipe.data());
    if (!data.ignored().isEmpty()) {
      listener.remark(
          "%d files do not fit data.pattern and are left out, e.g. %s"
              .formatted(data.ignored().size(), data.ignored().getFirst()));
    }
    requireLabels(data);
    AtomicFiles.write(output.resolve("recipe.json"), Json.pretty(recipe));
    StageCache cache = new StageCache(output, versions(), host.control(), listener);
    FeatureStage extraction = new FeatureStage(recipe, cache, host.control(), listener);
    Stage features =
        extraction.run(
            "features", new Manifest(data.utterances(), recipe.data().root()), data.contentHash());
    SemanticSet semantic = semantic(extraction, cache);
    List<FoldRun> folds =
        data.folds().stream()
            .map(fold -> new FoldRun(recipe, fold, features, semantic, cache, host, listener))
            .toList();
    FoldPool pool = new FoldPool(jobs, host.control(), listener);
    Results results = Results.of(recipe.name(), rows(pool.run(folds)));
    results.write(output);
    return results;
  }

  private void requireLabels(DataSet data) {
    if (recipe.evaluations().finetune() != null || recipe.evaluations().probe() != null) {
      Fold.requireLabels(data.folds(), data.utterances(), recipe.data().label());
    }
  }

  /// What every stage runs on.
  private static Map<String, String> versions() {
    return Map.of("duovox", BuildIdentity.here(), "libtorch", NativeRuntime.info().libtorch());
  }

  private SemanticSet semantic(FeatureStage extraction, StageCache cache) {
    if (recipe.evaluations().ssimi() == null) {
      return null;
    }
    Path root = Path.of(recipe.evaluations().ssimi().root());
    Manifest words = SemanticSet.manifest(root, recipe.data().rules());
    Stage features = extraction.run("features-words", words, DataSet.hash(words.utterances()));
    return new SemanticSet(recipe, root, features, cache, host, listener);
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
