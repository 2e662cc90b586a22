package org.duovox.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.recipe.Recipe;
import org.duovox.recipe.Recipe.ModelSystem;

/// What an experiment is going to do: which stages, and how many cells share them. From the
/// settings alone; what was done before is not looked at.
///
/// @param stages distinct ones by kind, each with the number of cells that need one
public record Plan(Experiment experiment, Map<Kind, Need> stages) {
  /// The kinds of stages, in their order.
  public enum Kind {
    /// Features of the audio and of the words.
    FEATURES,
    /// Codebooks, units and corpus.
    UNITS,
    /// Trained models, per fold.
    PRETRAIN,
    /// Models with the weights that they begin with.
    RANDOM,
    /// Classifiers, the whole model trained.
    FINETUNE,
    /// Linear classifiers.
    PROBE,
    /// Scores of words, on dev and then on test.
    WORDS
  }

  /// @param stages how many there are
  /// @param cells how many need one of them
  public record Need(int stages, int cells) {}

  /// Plans an experiment.
  public static Plan of(Experiment experiment) {
    Map<Kind, Set<String>> keys = new LinkedHashMap<>();
    Map<Kind, Integer> cells = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      keys.put(kind, new LinkedHashSet<>());
      cells.put(kind, 0);
    }
    for (Cell cell : experiment.cells()) {
      stages(cell)
          .forEach((kind, key) -> {
            keys.get(kind).add(key);
            cells.merge(kind, 1, Integer::sum);
          });
    }
    Map<Kind, Need> needs = new LinkedHashMap<>();
    keys.forEach((kind, set) -> {
      if (!set.isEmpty()) {
        needs.put(kind, new Need(set.size(), cells.get(kind)));
      }
    });
    return new Plan(experiment, needs);
  }

  /// Returns the stages of a cell with keys that are equal where the stages are.
  static Map<Kind, String> stages(Cell cell) {
    Recipe recipe = cell.recipe();
    Map<Kind, String> stages = new LinkedHashMap<>();
    Recipe.Evaluations evaluations = recipe.evaluations();
    String features =
        key(
            recipe.data().root(),
            recipe.data().manifest(),
            recipe.data().shiftsMs(),
            recipe.representations());
    stages.put(Kind.FEATURES, features);
    String units = key(features, recipe.data().split(), recipe.quantizers(), recipe.align());
    stages.put(Kind.UNITS, units);
    String model = units;
    if (cell.system() == ModelSystem.RANDOM) {
      model = key(units, "random", recipe.model());
      stages.put(Kind.RANDOM, model);
    } else if (cell.system() != ModelSystem.RAW) {
      model = training(cell, units);
      stages.put(Kind.PRETRAIN, model);
    }
    if (evaluations.finetune() != null) {
      stages.put(Kind.FINETUNE, key(model, evaluations.finetune()));
    }
    if (evaluations.probe() != null) {
      stages.put(Kind.PROBE, key(model, evaluations.probe()));
    }
    if (evaluations.words() != null) {
      stages.put(Kind.WORDS, key(model, cell.system().label(), evaluations.words()));
    }
    return stages;
  }

  private static String training(Cell cell, String units) {
    Recipe recipe = cell.recipe();
    return key(
        units,
        cell.system().label(),
        recipe.model(),
        recipe.pretrain(),
        recipe.threads(),
        recipe.data().pretrainShare(),
        recipe.data().pretrainWhere());
  }

  static String key(Object... values) {
    List<String> lines = new ArrayList<>();
    for (Object value : values) {
      lines.add(Json.line(value == null ? "" : value));
    }
    return Hashes.sha256(String.join("\n", lines));
  }

  /// Returns the grid in words: `20 cells = 5 of seed x 4 of system`.
  public String cells() {
    List<String> axes =
        experiment.grid().axes().stream()
            .map(axis -> axis.values().size() + " of " + axis.name())
            .toList();
    int count = experiment.cells().size();
    return (count == 1 ? "1 cell" : count + " cells")
        + (axes.isEmpty() ? "" : " = " + String.join(" x ", axes));
  }
}
