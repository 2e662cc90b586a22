package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.slu.SluConfig;
import org.duovox.train.PretrainConfig;
import org.duovox.units.corpus.AlignConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The tables of settings in the documents name the keys, defaults and choices that the records
/// have, and leave none out.
///
/// A table is found by its heading and its place below it. A row may name several keys, with as
/// many defaults or with one for all. `required` and `none` are a default that is empty, `from the
/// corpus` is 0; one that begins with `by` or `as` is told elsewhere, as are the keys that `x.*`
/// stands for.
final class SettingsTablesTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern KEY = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)*(\\.\\*)?");

  /// One row: its keys, what stands in the column of defaults, and all its words in backticks.
  private record Row(List<String> keys, String defaults, Set<String> words) {
    /// Returns the default of a key: one for all, or one each.
    String of(String key) {
      String[] each = defaults.split(", ");
      int index = keys.indexOf(key);
      assertTrue(each.length == 1 || each.length == keys.size(), () -> "defaults of " + keys);
      return (each.length == 1 ? each[0] : each[index])
          .replace("`", "")
          .replaceAll(" \\[\\d]", "")
          .replaceAll(" = .*", "")
          .strip();
    }
  }

  /// The settings of a record: types and defaults by dotted key.
  private record Settings(Map<String, Type> types, Map<String, JsonNode> defaults) {
    static Settings of(Record defaults) {
      Map<String, Type> types = new LinkedHashMap<>();
      JsonNode tree = Json.convert(defaults);
      addTypes("", defaults.getClass(), tree, types);
      return new Settings(types, Json.leaves(tree));
    }

    /// Adds the components of a record; those of a nested one where it has defaults.
    private static void addTypes(
        String prefix, Class<?> type, JsonNode values, Map<String, Type> types) {
      for (RecordComponent component : type.getRecordComponents()) {
        String name =
            component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        if (component.getType().isRecord() && values.path(name).isObject()) {
          addTypes(prefix + name + ".", component.getType(), values.path(name), types);
        } else {
          types.put(prefix + name, component.getGenericType());
        }
      }
    }
  }

  @Test
  void recipes() {
    Path file = DOCS.resolve("recipes.md");
    complete(Settings.of(DataConfig.defaults()), rows(file, "data", 0));
    String units = "representations and quantizers";
    complete(Settings.of(Recipe.Representation.defaults()), rows(file, units, 0));
    complete(Settings.of(QuantizerConfig.defaults()), rows(file, units, 1));
    complete(Settings.of(AlignConfig.defaults()), rows(file, "align", 0));
    complete(Settings.of(SluConfig.defaults()), rows(file, "evaluations", 0));
    complete(Settings.of(Recipe.SsimiConfig.defaults()), rows(file, "evaluations", 1));
    complete(Settings.of(WordsConfig.defaults()), rows(file, "evaluations", 2));
    // What is left out here is in the documents of the next two tests.
    right(Settings.of(ModelConfig.preset("bert-small")), rows(file, "model", 0));
    right(Settings.of(PretrainConfig.defaults()), rows(file, "pretrain", 0));
  }

  @Test
  void keysOfARecipe() {
    List<Row> rows = rows(DOCS.resolve("recipes.md"), "Top level", 0);
    Map<String, Type> types = new LinkedHashMap<>();
    for (RecordComponent component : Recipe.class.getRecordComponents()) {
      types.put(component.getName(), component.getGenericType());
    }
    Set<String> named = new LinkedHashSet<>();
    for (Row row : rows) {
      named.addAll(row.keys());
      assertEquals("required", row.defaults());
      choices(types, row, true);
    }
    assertEquals(types.keySet(), named);
  }

  @Test
  void trainings() {
    complete(
        Settings.of(PretrainConfig.defaults()), rows(DOCS.resolve("training.md"), "Settings", 0));
  }

  @Test
  void models() {
    Path file = DOCS.resolve("model.md");
    complete(Settings.of(ModelConfig.preset("bert-small")), rows(file, "Options", 0));
  }

  /// Every key has a row, every row is right and names all choices.
  private static void complete(Settings settings, List<Row> rows) {
    right(settings, rows);
    rows.forEach(row -> choices(settings.types(), row, true));
    Set<String> missing = new TreeSet<>(settings.types().keySet());
    rows.forEach(row -> row.keys().forEach(key -> missing.removeIf(name -> covers(key, name))));
    assertEquals(Set.of(), missing, "keys that no row names");
  }

  private static boolean covers(String key, String name) {
    return key.endsWith(".*")
        ? name.startsWith(key.substring(0, key.length() - 1))
        : key.equals(name);
  }

  /// Every key of the rows exists, and has this default and these choices.
  private static void right(Settings settings, List<Row> rows) {
    Set<String> seen = new LinkedHashSet<>();
    for (Row row : rows) {
      for (String key : row.keys()) {
        assertTrue(seen.add(key), () -> "two rows name " + key);
        assertTrue(
            settings.types().keySet().stream().anyMatch(name -> covers(key, name)),
            () -> "there is no setting " + key);
        if (!key.endsWith(".*")) {
          equal(key, settings.defaults().get(key), row.of(key));
        }
      }
      choices(settings.types(), row, false);
    }
  }

  private static void equal(String key, JsonNode value, String told) {
    if (told.startsWith("by ") || told.startsWith("as ")) {
      return;
    }
    String found = key + " is " + value + ", but the table says " + told;
    if (value == null || value.isNull() || value.isArray()) {
      assertTrue(value == null || value.isEmpty(), found);
      assertTrue(told.equals("required") || told.equals("none"), found);
    } else if (value.isNumber()) {
      BigDecimal number = new BigDecimal(told.equals("from the corpus") ? "0" : told);
      assertEquals(0, value.decimalValue().compareTo(number), found);
    } else {
      assertEquals(value.asString(), told, found);
    }
  }

  /// A row that names more than one choice of a setting names all of them.
  ///
  /// @param needed whether it must name them
  private static void choices(Map<String, Type> types, Row row, boolean needed) {
    for (String key : row.keys()) {
      Set<String> all = choices(types.get(key));
      Set<String> named = new TreeSet<>(row.words());
      named.retainAll(all);
      assertTrue(
          named.equals(all) || (!needed && named.size() <= 1),
          () -> key + ": " + named + " of " + all);
    }
  }

  private static Set<String> choices(Type type) {
    Type element = type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type;
    Set<String> names = new TreeSet<>();
    if (element instanceof Class<?> choice && choice.isEnum()) {
      for (Object constant : choice.getEnumConstants()) {
        names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /// Reads the table of this number below a heading.
  private static List<Row> rows(Path file, String heading, int number) {
    List<List<String>> tables = new ArrayList<>();
    boolean inside = false;
    boolean table = false;
    for (String line : lines(file)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + heading);
      }
      boolean row = inside && line.startsWith("|");
      if (row && !table) {
        tables.add(new ArrayList<>());
      }
      if (row) {
        tables.getLast().add(line);
      }
      table = row;
    }
    assertTrue(tables.size() > number, () -> file + " has no such table below " + heading);
    return rows(tables.get(number));
  }

  private static List<Row> rows(List<String> table) {
    List<String> header =
        cells(table.getFirst()).stream().map(cell -> cell.toLowerCase(Locale.ROOT)).toList();
    int defaults = header.indexOf("default");
    assertEquals("key", header.getFirst());
    assertTrue(defaults > 0, () -> "no column of defaults: " + header);
    return table.stream()
        .skip(2) // Header and rule.
        .map(line -> {
          List<String> cells = cells(line);
          assertEquals(header.size(), cells.size(), line);
          List<String> keys = List.copyOf(words(cells.getFirst()));
          keys.forEach(key -> assertTrue(KEY.matcher(key).matches(), key));
          return new Row(
              keys, cells.get(defaults), words(String.join(" ", cells.subList(1, cells.size()))));
        })
        .toList();
  }

  private static List<String> cells(String line) {
    String inner = line.substring(1, line.lastIndexOf('|'));
    return Arrays.stream(inner.split("\\|", -1)).map(String::strip).toList();
  }

  private static Set<String> words(String text) {
    Set<String> words = new LinkedHashSet<>();
    CODE.matcher(text)
        .results()
        .map(MatchResult::group)
        .forEach(word -> words.add(word.replace("`", "").replaceAll(":.*", "")));
    return words;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
