package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.internal.Device;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.RecipeRunner;
import org.duovox.recipe.Results;

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
      results = new RecipeRunner(recipe, out, folds, computing, listing).run();
    }
    Path report = ReportAssembler.write(out, base, listing.reused());
    return new Result(
        recipe.name(), out.toString(), report.toString(), clock.seconds(), results.results());
  }
}
