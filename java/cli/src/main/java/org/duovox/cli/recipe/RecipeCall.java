package org.duovox.cli.recipe;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.duovox.cli.console.Clock;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.Interruption;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Summary;
import org.duovox.cli.console.Verb;
import org.duovox.cli.speech.EncoderFiles;
import org.duovox.cli.train.TrainingSignals;
import org.duovox.internal.Device;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.Results;
import org.duovox.recipe.RunStopped;
import org.duovox.report.Text;
import org.duovox.report.assemble.RecipeReports;
import org.duovox.train.log.TrainControl;

/// Runs a recipe for a verb and makes the report.
record RecipeCall(
    Verb verb,
    Path recipeFile,
    List<String> settings,
    Path out,
    int jobs,
    boolean verbose,
    DeviceOption device) {

  /// What a run came to.
  record Result(String recipe, String out, String report, double seconds, List<Results.Row> results)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println();
      ResultText.print(writer, results);
      writer.println();
      writer.println("report: " + report + "  (" + Text.duration(seconds) + ")");
    }
  }

  Result execute() {
    Recipe recipe = Recipe.read(recipeFile, settings);
    Device computing = device.ready();
    RunPlace.check(verb, out, recipe);
    Path base = recipeFile.toAbsolutePath().getParent();
    int folds = jobs == 0 ? Runtime.getRuntime().availableProcessors() : jobs;
    Clock clock = new Clock();
    verb.remark("%s", recipe.title());
    EncoderFiles.ensure(
        verb,
        List.of(
            recipe.representations().contextual().encoder(),
            recipe.representations().phonetic().encoder()));
    Results results;
    RunListing listing;
    try (Progress progress = verb.progress(recipe.name(), -1, "")) {
      listing = new RunListing(verb, progress, verbose);
      results =
          answeringSignals(
              progress,
              control -> new RecipeRunner(recipe, out, folds, computing, control, listing).run());
    }
    Path report = out.resolve(RecipeReports.PAGE);
    RecipeReports.write(out, ReportCommand.bases(base), listing.reused(), report);
    return new Result(
        recipe.name(), out.toString(), report.toString(), clock.seconds(), results.results());
  }

  /// Runs what a signal asks to save and leave, and ends with the signal's exit code then.
  private static Results answeringSignals(Progress progress, Function<TrainControl, Results> run) {
    Thread worker = Thread.currentThread();
    TrainControl control = new TrainControl();
    Runnable leave =
        () -> {
          control.leave();
          worker.interrupt(); // Out of what it waits for; trainings have threads of their own.
        };
    try (TrainingSignals signals =
        new TrainingSignals(leave, control::save, text -> progress.line("duovox: " + text))) {
      try {
        Results results = run.apply(control);
        if (signals.exitCode() == 0) {
          return results;
        }
      } catch (RunStopped e) {
        if (signals.exitCode() == 0) {
          throw e;
        }
      }
      boolean ignored = Thread.interrupted(); // What is left to do is to say so.
      throw new Interruption.Stopped(signals.exitCode());
    }
  }
}
