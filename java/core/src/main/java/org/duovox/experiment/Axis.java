package org.duovox.experiment;

import java.util.List;
import java.util.Optional;
import org.duovox.io.Suggestions;

/// One thing that varies in a grid, with the values that it takes.
///
/// @param name `seed`, `system`, a key of the recipe, or a name of its own when its values are
///   named
/// @param values in the order of the file
/// @param place in the file
record Axis(String name, List<Value> values, String place) {
  /// The axis whose values are repetitions: comparisons go over all of them.
  static final String SEED = "seed";

  /// The axis whose values are the systems of a recipe.
  static final String SYSTEM = "system";

  /// A value of an axis.
  ///
  /// @param name in results and comparisons
  /// @param settings of the recipe that it sets
  record Value(String name, List<Setting> settings) {
    Value {
      settings = List.copyOf(settings);
    }
  }

  /// A key of the recipe with its value.
  ///
  /// @param yaml its value, as YAML
  /// @param place in the grid's file
  record Setting(String key, String yaml, String place) {
    /// Returns the setting as `--set` takes it.
    String text() {
      return key + "=" + yaml;
    }
  }

  Axis {
    values = List.copyOf(values);
  }

  boolean isSeed() {
    return name.equals(SEED);
  }

  /// Returns all that its values set.
  List<Setting> settings() {
    return values.stream().flatMap(value -> value.settings().stream()).toList();
  }

  /// Returns the value of a name.
  Optional<Value> find(String valueName) {
    return values.stream().filter(value -> value.name().equals(valueName)).findFirst();
  }

  /// Returns what to say about a value that there is not.
  String hint(String valueName) {
    List<String> names = values.stream().map(Value::name).toList();
    return Suggestions.nearest(valueName, names)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("it has " + String.join(", ", names));
  }
}
