package org.duovox.experiment;

import java.util.Map;
import java.util.TreeMap;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.Recipe.ModelSystem;

/// One recipe of a grid.
///
/// @param name its values, such as `system=dual,seed=1`
/// @param values by axis, in the order of the axes
/// @param recipe as resolved, with one system
record Cell(String name, Map<String, String> values, Recipe recipe) {
  /// Returns the folder's name.
  String slug() {
    return slug(name);
  }

  /// Returns a name for a folder.
  static String slug(String name) {
    return name.replaceAll("[^A-Za-z0-9._=,+-]", "_");
  }

  /// Returns what is trained and scored.
  ModelSystem system() {
    return recipe.systems().getFirst();
  }

  /// Returns the seed of the trainings.
  long seed() {
    return recipe.pretrain().seed();
  }

  /// Returns the values but the seed: cells of one arm differ in their seeds alone.
  Map<String, String> arm() {
    Map<String, String> arm = new TreeMap<>(values);
    arm.remove(Axis.SEED);
    return arm;
  }

  /// Returns the name of the arm, such as `system=dual`.
  static String name(Map<String, String> values) {
    StringBuilder name = new StringBuilder();
    values.forEach((axis, value) ->
        name.append(name.isEmpty() ? "" : ",").append(axis).append('=').append(value));
    return name.isEmpty() ? "all" : name.toString();
  }
}
