package org.duovox.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.recipe.Recipe;

/// Makes the cells of a grid: every combination of the axes' values, each a recipe that has been
/// read and checked.
final class Cells {
  /// The keys that `seed` stands for: the seeds of weights, order and masks, and of classifiers.
  static final List<String> SEEDS =
      List.of("pretrain.seed", "model.seed", "evaluations.finetune.seed", "evaluations.probe.seed");

  // Line and column within the text of one setting, which nobody sees.
  private static final Pattern INNER_PLACE = Pattern.compile("^(:\\d+)+(?=:)");

  // Of a folder, on the file systems of Linux.
  private static final int LONGEST_NAME = 255;

  private final Grid grid;
  private final List<String> given;
  private final Recipe base;

  private Cells(Grid grid, List<String> given) {
    this.grid = grid;
    this.given = given;
    this.base =
        recipe(
            Stream.concat(
                    grid.settings().stream(),
                    grid.axes().stream()
                        .flatMap(axis -> axis.values().getFirst().settings().stream()))
                .filter(setting -> !setting.key().equals(Axis.SEED))
                .toList());
  }

  /// Returns the cells, those of one seed after those of another.
  ///
  /// @param given texts `key=value` of the command line, which win over the grid
  /// @throws DuovoxException (BAD_CONFIG, MISSING_INPUT) with the place of what is wrong
  static List<Cell> of(Grid grid, List<String> given) {
    long size = grid.cells();
    if (size > Grid.MOST_CELLS) {
      throw DuovoxException.config(
          "%s: the grid has %,d cells (%s); at most %,d are allowed: take values out of an axis"
              .formatted(grid.file(), size, sizes(grid), Grid.MOST_CELLS));
    }
    requireFree(grid, given);
    return new Cells(grid, given).all();
  }

  /// Refuses a setting of all cells that an axis sets: one of the two would not be what it says.
  private static void requireFree(Grid grid, List<String> given) {
    for (Axis axis : grid.axes()) {
      for (Axis.Setting set : axis.settings()) {
        for (String key : keys(set)) {
          if (given.stream().anyMatch(text -> isOf(text, key))) {
            throw DuovoxException.usage(
                "--set %s: the axis '%s' sets it (%s); change the axis"
                    .formatted(key, axis.name(), set.place()));
          }
        }
        grid.settings().stream()
            .filter(setting -> axis.isSeed() && keys(set).contains(setting.key()))
            .findFirst()
            .ifPresent(setting -> {
              throw DuovoxException.config(
                  "%s: %s is set for all cells, and by the axis 'seed'; take one of them out"
                      .formatted(setting.place(), setting.key()));
            });
      }
    }
  }

  /// Returns the keys that a setting of a grid stands for.
  static List<String> keys(Axis.Setting setting) {
    return setting.key().equals(Axis.SEED) ? SEEDS : List.of(setting.key());
  }

  private static String sizes(Grid grid) {
    return String.join(
        " x ",
        grid.axes().stream().map(axis -> axis.values().size() + " of " + axis.name()).toList());
  }

  private List<Cell> all() {
    List<Map<String, Axis.Value>> combinations = List.of(Map.of());
    for (Axis axis : grid.axes()) {
      combinations =
          combinations.stream()
              .flatMap(before -> axis.values().stream().map(value -> with(before, axis, value)))
              .toList();
    }
    List<Cell> cells = combinations.stream().map(this::cell).toList();
    requireDistinct(cells);
    return cells;
  }

  private static Map<String, Axis.Value> with(
      Map<String, Axis.Value> before, Axis axis, Axis.Value value) {
    Map<String, Axis.Value> all = new LinkedHashMap<>(before);
    all.put(axis.name(), value);
    return all;
  }

  private Cell cell(Map<String, Axis.Value> combination) {
    Map<String, String> values = new LinkedHashMap<>();
    List<Axis.Setting> settings = new ArrayList<>(grid.settings());
    combination.forEach((axis, value) -> {
      values.put(axis, value.name());
      settings.addAll(value.settings());
    });
    String name = Cell.name(values);
    Recipe recipe = recipe(settings);
    if (recipe.systems().size() != 1) {
      throw DuovoxException.config(
          "%s: the cell %s has the systems %s; every cell has one: add the axis 'system'"
              .formatted(
                  grid.file(),
                  name,
                  String.join(
                      ", ", recipe.systems().stream().map(Recipe.ModelSystem::label).toList())));
    }
    return new Cell(name, values, recipe);
  }

  private Recipe recipe(List<Axis.Setting> settings) {
    Map<String, Axis.Setting> byKey = new LinkedHashMap<>(); // The last one wins.
    settings.stream().flatMap(s -> expanded(s).stream()).forEach(s -> byKey.put(s.key(), s));
    if (grid.head().threads() > 0) {
      byKey.put(
          "threads", new Axis.Setting("threads", Integer.toString(grid.head().threads()), ""));
    }
    List<String> texts = new ArrayList<>(byKey.values().stream().map(Axis.Setting::text).toList());
    texts.addAll(given);
    try {
      return Recipe.read(grid.base(), texts);
    } catch (DuovoxException e) {
      throw placed(e, byKey);
    }
  }

  /// Returns the failure of a recipe with the place in the grid that gave the value.
  private DuovoxException placed(DuovoxException failure, Map<String, Axis.Setting> byKey) {
    Optional<Axis.Setting> culprit =
        byKey.values().stream()
            .filter(s -> failure.getMessage().startsWith("--set " + s.key() + ":"))
            .filter(s -> given.stream().noneMatch(text -> isOf(text, s.key())))
            .findFirst();
    return culprit
        .map(s ->
            new DuovoxException(
                failure.kind(),
                s.place() + INNER_PLACE.matcher(message(failure, s)).replaceFirst(""),
                failure))
        .orElse(failure);
  }

  /// Returns whether a text of the command line sets a key, or would if it had a value.
  private static boolean isOf(String text, String key) {
    return text.equals(key) || text.startsWith(key + "=");
  }

  private static String message(DuovoxException failure, Axis.Setting culprit) {
    return failure.getMessage().substring(("--set " + culprit.key()).length());
  }

  /// Returns the settings that one stands for: `seed` is that of weights, order and masks, and of
  /// the classifiers. Codebooks keep theirs, so that all seeds share them.
  private List<Axis.Setting> expanded(Axis.Setting setting) {
    if (!setting.key().equals(Axis.SEED)) {
      return List.of(setting);
    }
    List<String> keys = new ArrayList<>(SEEDS);
    if (base.evaluations().finetune() == null) {
      keys.remove("evaluations.finetune.seed");
    }
    if (base.evaluations().probe() == null) {
      keys.remove("evaluations.probe.seed");
    }
    return keys.stream()
        .map(key -> new Axis.Setting(key, setting.yaml(), setting.place()))
        .toList();
  }

  private void requireDistinct(List<Cell> cells) {
    Map<String, Cell> byRecipe = new HashMap<>();
    Map<String, Cell> bySlug = new HashMap<>();
    for (Cell cell : cells) {
      Cell same = byRecipe.putIfAbsent(Json.line(cell.recipe()), cell);
      if (same != null) {
        throw DuovoxException.config(
            "%s: the cells %s and %s are one recipe; values of an axis must differ in a setting"
                .formatted(grid.file(), same.name(), cell.name()));
      }
      if (cell.slug().length() > LONGEST_NAME) {
        throw DuovoxException.config(
            "%s: the name of the cell %s is too long for a folder (%d of %d characters); shorten the names of its values"
                .formatted(grid.file(), cell.name(), cell.slug().length(), LONGEST_NAME));
      }
      Cell near = bySlug.putIfAbsent(cell.slug(), cell);
      if (near != null) {
        throw DuovoxException.config(
            "%s: the cells %s and %s would share the folder %s; name their values otherwise"
                .formatted(grid.file(), near.name(), cell.name(), Path.of(cell.slug())));
      }
    }
  }
}
