package org.duovox.cli.recipe;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.Interruption;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.TrainingSignals;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.internal.Device;
import org.duovox.io.atomic.OutputClaim;
import org.duovox.io.json.Json;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.Results;
import org.duovox.recipe.RunListener;
import org.duovox.recipe.RunStopped;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.report.Wording;
import org.duovox.report.assemble.RecipeReports;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainLine;
import org.duovox.train.run.RunFolder;
import org.duovox.train.run.RunSettings.Differences;
import tools.jackson.databind.JsonNode;

/// Runs a recipe for `duovox run` and `duovox demo`: checks the folder, shows the stages, answers
/// signals, and writes the report.
///
/// @param settings texts `key=value` that win over the file
/// @param jobs folds side by side; 0: one per core
/// @param verbose print every report of every training
record RecipeRun(
    Verb verb,
    Path recipeFile,
    List<String> settings,
    Path out,
    int jobs,
    boolean verbose,
    DeviceOption deviceOption) {
  private static final String RECIPE = "recipe.json";
  private static final List<String> WRITTEN = List.of("results.json", RecipeReports.PAGE, "stages");

  /// What the verb prints at the end.
  record Result(String recipe, String out, String report, double seconds, List<Results.Row> results)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println();
      ResultsTable.print(writer, results);
      writer.println();
      writer.println("report: " + report + "  (" + Wording.duration(seconds) + ")");
    }
  }

  Result execute() {
    Recipe recipe = Recipe.read(recipeFile, settings);
    Device device = deviceOption.ready();
    requireFolderFor(recipe);
    Path base = recipeFile.toAbsolutePath().getParent();
    int folds = jobs == 0 ? Runtime.getRuntime().availableProcessors() : jobs;
    Stopwatch stopwatch = new Stopwatch();
    verb.remark("%s", recipe.title());
    EncoderFiles.fetchMissing(
        verb,
        List.of(
            recipe.representations().contextual().encoder(),
            recipe.representations().phonetic().encoder()));
    Results results;
    StagePrinter printer;
    try (Progress progress = verb.progress(recipe.name(), -1, "")) {
      printer = new StagePrinter(verb, progress, verbose);
      results =
          answeringSignals(
              progress,
              control -> new RecipeRunner(recipe, out, folds, device, control, printer).run());
    }
    Path report = out.resolve(RecipeReports.PAGE);
    RecipeReports.write(out, ReportCommand.bases(base), printer.reused(), report);
    return new Result(
        recipe.name(), out.toString(), report.toString(), stopwatch.seconds(), results.results());
  }

  /// Refuses a folder of another recipe or with files of no run, before anything is written there.
  /// The same recipe continues in it, after a remark on changed settings.
  private void requireFolderFor(Recipe recipe) {
    if (Files.isRegularFile(out.resolve(RECIPE))) {
      compareWithEarlier(recipe);
      return;
    }
    boolean taken = WRITTEN.stream().map(out::resolve).anyMatch(OutputClaim::isTaken);
    if (!verb.mayReplace() && (taken || RunFolder.hasRecord(out))) {
      throw OutputGuard.refusedFolder(out, "this is the recipe " + recipe.name());
    }
  }

  private void compareWithEarlier(Recipe recipe) {
    JsonNode earlier = Json.tree(out.resolve(RECIPE));
    String name = earlier.path("name").asString("");
    if (!name.equals(recipe.name()) && !verb.mayReplace()) {
      throw OutputGuard.refusedFolder(out, "this is the recipe " + recipe.name());
    }
    List<String> changed = Differences.between(Json.convert(recipe), earlier);
    if (!changed.isEmpty()) {
      verb.remark(
          "duovox: %s was run with other settings (%s); the stages that depend on them are made"
              + " again, and its results are replaced",
          out, Differences.text(changed));
    }
  }

  /// Runs the recipe. After a signal it saves and leaves, and this throws [Interruption.Stopped]
  /// with the signal's exit code.
  static <T> T answeringSignals(Progress progress, Function<TrainControl, T> run) {
    Thread worker = Thread.currentThread();
    TrainControl control = new TrainControl();
    Runnable leave =
        () -> {
          control.leave();
          worker.interrupt(); // Wakes it if it waits; trainings have threads of their own.
        };
    try (TrainingSignals signals =
        new TrainingSignals(leave, control::save, text -> progress.line("duovox: " + text))) {
      try {
        T results = run.apply(control);
        if (signals.exitCode() == 0) {
          return results;
        }
      } catch (RunStopped e) {
        if (signals.exitCode() == 0) {
          throw e;
        }
      }
      boolean ignored = Thread.interrupted(); // The failure must still be printed.
      throw new Interruption.Stopped(signals.exitCode());
    }
  }

  /// Prints a line per stage, remarks and warnings, and moves the progress within a stage.
  private static final class StagePrinter implements RunListener {
    private final Verb verb;
    private final Progress progress;
    private final boolean verbose;
    private final Set<String> reused = new HashSet<>();

    private StagePrinter(Verb verb, Progress progress, boolean verbose) {
      this.verb = verb;
      this.progress = progress;
      this.verbose = verbose;
    }

    /// Returns the names of the stages that were reused from an earlier run.
    private Set<String> reused() {
      return Set.copyOf(reused);
    }

    @Override
    public void again(String name, String reason) {
      verb.remark("%s", Wording.format("%-44s made again: %s", name, reason));
    }

    @Override
    public void failed(String fold, String reason) {
      verb.error("duovox: fold %s failed: %s".formatted(fold, reason));
    }

    @Override
    public void finished(Stage stage) {
      if (stage.reused()) {
        reused.add(stage.name());
      }
      String end = stage.reused() ? "reused" : Wording.duration(stage.seconds());
      verb.remark("%s", Wording.format("%-44s %s", stage.name(), end));
    }

    @Override
    public void remark(String text) {
      verb.remark("%s", text);
    }

    @Override
    public void remark(String stage, String text) {
      verb.remark("%s", stage + ": " + text);
    }

    @Override
    public void warning(String stage, String text) {
      verb.remark("%s", "duovox: warning: " + stage + ": " + text);
    }

    @Override
    public void progress(String stage, long done, long total, String unit) {
      progress.show(done, total, stage); // Not update: RecipeRunner checks for interruption itself.
    }

    @Override
    public void line(String stage, TrainLine line) {
      if (verbose) {
        verb.remark("%s", stage + " " + line.text());
      }
    }
  }
}
