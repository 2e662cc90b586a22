package org.duovox.cli.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.Outputs;
import org.duovox.cli.console.Verb;
import org.duovox.io.atomic.OutputClaim;
import org.duovox.io.json.Json;
import org.duovox.recipe.Recipe;
import org.duovox.report.assemble.RecipeReports;
import org.duovox.report.assemble.TrainingRecord;
import org.duovox.train.run.Differences;
import tools.jackson.databind.JsonNode;

/// Whether a recipe may run in a folder. The same recipe goes on there and says which settings have
/// changed; another recipe, and files that are of no run, are refused.
final class RunPlace {
  private static final String RECIPE = "recipe.json";
  private static final List<String> WRITTEN = List.of("results.json", RecipeReports.PAGE, "stages");

  private RunPlace() {}

  /// Looks at a folder before anything is written there.
  static void check(Verb verb, Path folder, Recipe recipe) {
    if (Files.isRegularFile(folder.resolve(RECIPE))) {
      compare(verb, folder, recipe);
      return;
    }
    boolean taken = WRITTEN.stream().map(folder::resolve).anyMatch(OutputClaim::isTaken);
    if (!verb.mayReplace() && (taken || TrainingRecord.isRun(folder))) {
      throw Outputs.taken(folder, "this is the recipe " + recipe.name());
    }
  }

  private static void compare(Verb verb, Path folder, Recipe recipe) {
    JsonNode before = Json.tree(folder.resolve(RECIPE));
    String name = before.path("name").asString("");
    if (!name.equals(recipe.name()) && !verb.mayReplace()) {
      throw Outputs.taken(folder, "this is the recipe " + recipe.name());
    }
    List<String> changed = Differences.between(Json.convert(recipe), before);
    if (!changed.isEmpty()) {
      verb.remark(
          "duovox: %s was run with other settings (%s); the stages that depend on them are made"
              + " again, and its results are replaced",
          folder, Differences.text(changed));
    }
  }
}
