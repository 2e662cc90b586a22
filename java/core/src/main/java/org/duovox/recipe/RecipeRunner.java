package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Manifest;
import org.duovox.internal.BuildIdentity;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.recipe.StageName.Type;
import org.duovox.train.TrainHost;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;

/// Runs a recipe from audio to `results.json`: features, then every fold's units, models and
/// evaluations.
///
/// The output folder holds `recipe.json` (as resolved), `results.json` and `stages/`; finished
/// stages are reused.
public final class RecipeRunner {
  /// Name of the file with the recipe as resolved.
  public static final String RECIPE = "recipe.json";

  private final Recipe recipe;
  private final Path output;
  private final int jobs;
  private final StageStore store;
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
    this(
        recipe,
        output,
        jobs,
        StageStore.of(output),
        new TrainHost(device, new MemoryBudget(), control, TrainListener.NONE),
        listener);
  }

  /// Makes a runner whose stages lie in a store, where other recipes find them.
  ///
  /// @param host of the trainings, which share its memory with those of other runners
  public RecipeRunner(
      Recipe recipe,
      Path output,
      int jobs,
      StageStore store,
      TrainHost host,
      RunListener listener) {
    this.recipe = recipe;
    this.output = output;
    this.jobs = jobs;
    this.store = store;
    this.host = host;
    this.listener = new SynchronizedListener(listener);
  }

  /// Runs all stages that are not finished yet and writes `results.json`.
  ///
  /// @throws RunStopped when it was asked to stop, or the thread is interrupted, and a stage was
  ///   not finished
  public Results run() {
    return stopping(() -> {
      TrainedRecipe trained = runStages();
      Results results = Results.of(recipe.name(), trained.allRows());
      results.write(output);
      return results;
    });
  }

  /// Runs all stages but those that read the words of test; writes `recipe.json` alone.
  ///
  /// @throws RunStopped like [#run()]
  public TrainedRecipe train() {
    return stopping(this::runStages);
  }

  private static <T> T stopping(Supplier<T> work) {
    try {
      return work.get();
    } catch (DuovoxException e) {
      if (e.kind() == Kind.RETRY && Thread.currentThread().isInterrupted()) {
        throw new RunStopped("by an interruption");
      }
      throw e;
    }
  }

  private TrainedRecipe runStages() {
    NativeRuntime.setThreads(recipe.threads());
    DataSet data = store.data(recipe.data());
    if (!data.ignored().isEmpty()) {
      listener.remark(
          "%d files do not fit data.pattern and are left out, e.g. %s"
              .formatted(data.ignored().size(), data.ignored().getFirst()));
    }
    data.requireUsable(recipe.data(), recipe.evaluations().hasClassifier());
    AtomicFiles.write(output.resolve(RECIPE), Json.pretty(recipe));
    StageCache cache = new StageCache(store, versions(), host.control(), listener);
    FeatureStage extraction = new FeatureStage(recipe, cache, host.control(), listener);
    Stage features =
        extraction.run(
            StageName.of(Type.FEATURES),
            new Manifest(data.utterances(), recipe.data().root()),
            data.contentHash());
    SemanticSet semantic = semantic(extraction, cache);
    WordMeaning meaning =
        recipe.evaluations().words() == null
            ? null
            : new WordMeaning(recipe, extraction, cache, host, listener);
    List<FoldRun> folds =
        data.folds().stream()
            .map(fold ->
                new FoldRun(recipe, fold, features, semantic, meaning, cache, host, listener))
            .toList();
    FoldPool pool = new FoldPool(jobs, host.control(), listener);
    return new TrainedRecipe(recipe, pool.run(folds), meaning, cache);
  }

  /// Returns the versions of what every stage runs on.
  private static Map<String, String> versions() {
    return Map.of("duovox", BuildIdentity.here(), "libtorch", NativeRuntime.info().libtorch());
  }

  private SemanticSet semantic(FeatureStage extraction, StageCache cache) {
    if (recipe.evaluations().ssimi() == null) {
      return null;
    }
    Path root = Path.of(recipe.evaluations().ssimi().root());
    Manifest words =
        DuovoxException.within(
            "evaluations.ssimi.root", () -> SemanticSet.manifest(root, recipe.data().rules()));
    Stage features =
        extraction.run(StageName.of(Type.WORD_FEATURES), words, DataSet.hash(words.utterances()));
    return new SemanticSet(recipe, root, features, cache, host, listener);
  }

  /// Passes everything on, one call at a time: folds on several threads share the listener.
  private static final class SynchronizedListener implements RunListener {
    private final RunListener listener;

    SynchronizedListener(RunListener listener) {
      this.listener = listener;
    }

    @Override
    public synchronized void started(String name) {
      listener.started(name);
    }

    @Override
    public synchronized void finished(Stage stage) {
      listener.finished(stage);
    }

    @Override
    public synchronized void again(String name, String reason) {
      listener.again(name, reason);
    }

    @Override
    public synchronized void failed(String fold, String reason) {
      listener.failed(fold, reason);
    }

    @Override
    public synchronized void remark(String text) {
      listener.remark(text);
    }

    @Override
    public synchronized void remark(String stage, String text) {
      listener.remark(stage, text);
    }

    @Override
    public synchronized void warning(String stage, String text) {
      listener.warning(stage, text);
    }

    @Override
    public synchronized void progress(String stage, long done, long total, String unit) {
      listener.progress(stage, done, total, unit);
    }

    @Override
    public synchronized void line(String stage, TrainLine line) {
      listener.line(stage, line);
    }
  }
}
