package org.duovox.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.config.Settings;
import org.duovox.config.YamlReader;
import org.duovox.config.YamlReader.Entry;
import org.duovox.config.YamlReader.Mapping;
import org.duovox.config.YamlReader.Scalar;
import org.duovox.config.YamlReader.Sequence;
import org.duovox.config.YamlReader.Value;
import org.duovox.io.Suggestions;
import org.duovox.speech.encoders.Encoders;

/// Reads the YAML of a grid, and lays one of its sizes over it.
final class GridReader {
  private static final String AXES = "axes";
  private static final String SET = "set";
  private static final String SIZES = "sizes";
  // Settings that are paths; those of a grid start from its folder.
  private static final Set<String> PATHS =
      Set.of("data.root", "data.manifest_root", "evaluations.ssimi.root", "evaluations.words.root");
  private static final Set<String> ENCODERS =
      Set.of("representations.contextual.encoder", "representations.phonetic.encoder");

  private final Path file;

  private GridReader(Path file) {
    this.file = file;
  }

  /// Reads a grid.
  ///
  /// @param size name of one of its sizes; null: the first, where it has any
  /// @throws DuovoxException (MISSING_INPUT, BAD_CONFIG) with file and line
  static Grid read(Path file, String size) {
    return new GridReader(file).read(YamlReader.read(file), size);
  }

  private Grid read(Mapping whole, String wanted) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(whole.entries());
    Mapping sizes = mapping(entries.remove(SIZES), SIZES);
    String size = chosen(sizes, wanted);
    if (!size.isEmpty()) {
      mapping(sizes.entries().get(size), size)
          .entries()
          .forEach(
              (key, entry) -> entries.merge(key, entry, (old, sized) -> joined(key, old, sized)));
    }
    List<Axis> axes = axes(mapping(entries.remove(AXES), AXES));
    List<Axis.Setting> settings = settings(mapping(entries.remove(SET), SET));
    Grid.Head head =
        Settings.bind(new Mapping(entries, whole.place()), Grid.Head.class, Grid.Head.defaults());
    if (head.name() == null || head.base() == null) {
      throw DuovoxException.config(
          file + ": a grid needs a 'name', and a 'base', the recipe of its cells");
    }
    Path base = folder().resolve(head.base()).normalize();
    if (!Files.isRegularFile(base)) {
      throw DuovoxException.missing(
          "%s: base: no such recipe: %s".formatted(entries.get("base").place(), base));
    }
    return new Grid(file, size, base, settings, axes, head, places(entries.get("comparisons")));
  }

  /// Returns where each comparison stands.
  private static List<String> places(Entry comparisons) {
    return comparisons != null && comparisons.value() instanceof Sequence list
        ? list.items().stream().map(Value::place).toList()
        : List.of();
  }

  private Path folder() {
    return file.toAbsolutePath().getParent();
  }

  private String chosen(Mapping sizes, String wanted) {
    Set<String> names = sizes.entries().keySet();
    if (wanted == null) {
      return names.isEmpty() ? "" : names.iterator().next();
    }
    if (!names.contains(wanted)) {
      throw DuovoxException.config(
          "%s: has no size '%s'; %s"
              .formatted(
                  file,
                  wanted,
                  names.isEmpty() ? "it has none" : "it has " + String.join(", ", names)));
    }
    return wanted;
  }

  /// Returns what a size makes of a key: maps of settings and axes are joined, the rest is
  /// replaced.
  private static Entry joined(String key, Entry old, Entry sized) {
    boolean maps =
        (key.equals(AXES) || key.equals(SET))
            && old.value() instanceof Mapping
            && sized.value() instanceof Mapping;
    if (!maps) {
      return sized;
    }
    LinkedHashMap<String, Entry> all = new LinkedHashMap<>(((Mapping) old.value()).entries());
    all.putAll(((Mapping) sized.value()).entries());
    return new Entry(old.place(), new Mapping(all, old.place()));
  }

  private static Mapping mapping(Entry entry, String key) {
    if (entry == null) {
      return new Mapping(new LinkedHashMap<>(), key);
    }
    if (entry.value() instanceof Mapping mapping) {
      return mapping;
    }
    throw DuovoxException.config(
        "%s: '%s' must be a mapping, but is %s"
            .formatted(entry.place(), key, entry.value().kind()));
  }

  private List<Axis> axes(Mapping all) {
    List<Axis> axes = new ArrayList<>();
    all.entries()
        .forEach((name, entry) -> {
          List<Axis.Value> values =
              switch (entry.value()) {
                case Sequence list -> listed(name, list, entry.place());
                case Mapping named -> named(name, named);
                case Scalar scalar ->
                    throw DuovoxException.config(
                        "%s: the axis '%s' must be a list of values or a mapping of named ones, but is %s"
                            .formatted(entry.place(), name, scalar.kind()));
              };
          requireDistinct(name, values, entry.place());
          axes.add(new Axis(name, values, entry.place()));
        });
    requireApart(axes);
    axes.sort((a, b) -> Boolean.compare(b.isSeed(), a.isSeed())); // Stable: seeds first.
    return axes;
  }

  /// Refuses two axes that set one key: the cells would not be what their names say.
  private static void requireApart(List<Axis> axes) {
    Map<String, Axis> owners = new LinkedHashMap<>();
    for (Axis axis : axes) {
      for (Axis.Setting setting : axis.settings()) {
        for (String set : Cells.keys(setting)) {
          owners.forEach((key, owner) -> {
            if (!owner.equals(axis) && (isWithin(key, set) || isWithin(set, key))) {
              throw DuovoxException.config(
                  "%s: the axis '%s' sets %s, and so does the axis '%s'; name both in the values of one axis"
                      .formatted(setting.place(), axis.name(), set, owner.name()));
            }
          });
          owners.putIfAbsent(set, axis);
        }
      }
    }
  }

  private static boolean isWithin(String key, String section) {
    return key.equals(section) || key.startsWith(section + ".");
  }

  private static void requireDistinct(String name, List<Axis.Value> values, String place) {
    if (values.isEmpty()) {
      throw DuovoxException.config("%s: the axis '%s' has no value".formatted(place, name));
    }
    Set<String> seen = new LinkedHashSet<>();
    for (Axis.Value value : values) {
      if (!seen.add(value.name())) {
        throw DuovoxException.config(
            "%s: the axis '%s' has the value '%s' twice".formatted(place, name, value.name()));
      }
    }
  }

  private List<Axis.Value> listed(String name, Sequence list, String place) {
    requireKey(name, place);
    return list.items().stream()
        .map(item -> new Axis.Value(label(item), List.of(setting(name, item, item.place()))))
        .toList();
  }

  private static String label(Value item) {
    return item instanceof Scalar scalar && scalar.type() != Scalar.Type.NULL
        ? scalar.text()
        : item.yaml().replace("\"", "");
  }

  private static void requireKey(String name, String place) {
    Set<String> plain = Set.of(Axis.SEED, Axis.SYSTEM);
    if (!name.contains(".") && !plain.contains(name)) {
      throw DuovoxException.config(
          "%s: unknown axis '%s'; %s"
              .formatted(
                  place,
                  name,
                  Suggestions.nearest(name, plain)
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse(
                          "a list of values belongs to seed, system or a key of the recipe, such as"
                              + " align.shift_ms; a name of your own needs named values, each a"
                              + " mapping of keys")));
    }
  }

  private List<Axis.Value> named(String name, Mapping values) {
    return values.entries().entrySet().stream()
        .map(value ->
            new Axis.Value(
                value.getKey(), settings(mapping(value.getValue(), name + "." + value.getKey()))))
        .peek(value -> requireSeed(name, value))
        .toList();
  }

  /// Refuses a seed that sets anything else: what is averaged over would differ in more.
  private static void requireSeed(String axis, Axis.Value value) {
    if (axis.equals(Axis.SEED)) {
      for (Axis.Setting setting : value.settings()) {
        if (!setting.key().equals(Axis.SEED)) {
          throw DuovoxException.config(
              "%s: the axis 'seed' sets seeds alone, not %s, which belongs to another axis"
                  .formatted(setting.place(), setting.key()));
        }
      }
    }
  }

  /// Returns the keys of a mapping as settings; nested mappings are settings of dotted keys.
  private List<Axis.Setting> settings(Mapping all) {
    return all.entries().entrySet().stream()
        .map(e -> setting(e.getKey(), e.getValue().value(), e.getValue().place()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private Axis.Setting setting(String key, Value value, String place) {
    if (key.equals(Axis.SYSTEM)) {
      return new Axis.Setting("systems", "[" + value.yaml() + "]", place);
    }
    boolean path =
        value instanceof Scalar text
            && text.type() == Scalar.Type.STRING
            && (PATHS.contains(key)
                || (ENCODERS.contains(key) && !Encoders.NAMES.contains(text.text())));
    if (path) {
      String absolute = folder().resolve(((Scalar) value).text()).normalize().toString();
      return new Axis.Setting(key, new Scalar(absolute, Scalar.Type.STRING, place).yaml(), place);
    }
    return new Axis.Setting(key, value.yaml(), place);
  }

  /// Returns a map by its keys, for messages.
  static Map<String, Axis> byName(List<Axis> axes) {
    return axes.stream()
        .collect(Collectors.toMap(Axis::name, axis -> axis, (a, b) -> a, LinkedHashMap::new));
  }
}
