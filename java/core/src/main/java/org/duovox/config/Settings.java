package org.duovox.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.config.YamlReader.Entry;
import org.duovox.config.YamlReader.Mapping;
import org.duovox.config.YamlReader.Value;
import org.duovox.io.Suggestions;

/// Settings of a command or a recipe: a YAML file with `--set a.b=value` laid over it, bound to
/// records.
///
/// Every failure names the place: file, line and column, or the `--set` that gave the value. The
/// binding is our own: see docs/adr/0016.
public final class Settings {
  private final Mapping sections;

  private Settings(Mapping sections) {
    this.sections = sections;
  }

  /// Reads the sections of a command.
  ///
  /// @param file YAML, or null for none
  /// @param overrides texts `section.key=value`
  /// @param known names of the sections that the command has
  /// @throws DuovoxException (BAD_CONFIG) with file, line and a suggestion for a section that is
  ///   not known
  public static Settings read(Path file, List<String> overrides, List<String> known) {
    Mapping base =
        file == null ? new Mapping(new LinkedHashMap<>(), "settings") : YamlReader.read(file);
    Mapping all = override(base, overrides);
    all.entries().forEach((name, entry) -> requireKnown(name, entry, known));
    return new Settings(all);
  }

  /// Reads a file that is one record as a whole.
  ///
  /// @param overrides texts `a.b=value`
  /// @throws DuovoxException (BAD_CONFIG) for a component that is missing, unknown or wrong
  public static <R extends Record> R read(Path file, List<String> overrides, Class<R> type) {
    return RecordBinder.bind(override(YamlReader.read(file), overrides), type, null);
  }

  /// Binds a mapping, or what of it the caller has not taken out, to a record; what it leaves out
  /// keeps the value of `defaults`.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for a component that is unknown or wrong
  public static <R extends Record> R bind(Mapping mapping, Class<R> type, R defaults) {
    return RecordBinder.bind(mapping, type, defaults);
  }

  /// Returns a section as a record; what it leaves out keeps the value of `defaults`.
  public <R extends Record> R section(String name, Class<R> type, R defaults) {
    Entry entry = sections.entries().get(name);
    if (entry == null) {
      return defaults;
    }
    if (entry.value() instanceof Mapping mapping) {
      return RecordBinder.bind(mapping, type, defaults);
    }
    throw RecordBinder.mismatch(entry.value(), name, "a mapping");
  }

  private static void requireKnown(String name, Entry entry, List<String> known) {
    if (!known.contains(name)) {
      String hint =
          Suggestions.nearest(name, known)
              .map(nearest -> "did you mean '" + nearest + "'?")
              .orElse("known are " + String.join(", ", known));
      throw DuovoxException.config(
          "%s: unknown section '%s'; %s".formatted(entry.place(), name, hint));
    }
  }

  /// Lays `key=value` texts over a mapping, in order; the values are YAML.
  static Mapping override(Mapping base, List<String> overrides) {
    Mapping result = base;
    for (String setting : overrides) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw DuovoxException.usage(
            "--set %s: must read key=value, e.g. --set pretrain.epochs=2".formatted(setting));
      }
      String key = setting.substring(0, equals);
      String place = "--set " + key;
      Value value = YamlReader.parse(setting.substring(equals + 1), place);
      result = put(result, List.of(key.split("\\.", -1)), value, place);
    }
    return result;
  }

  /// Returns the mapping with a value at a path; what is no mapping on the way becomes one.
  private static Mapping put(Mapping mapping, List<String> path, Value value, String place) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
    String key = path.getFirst();
    Entry old = entries.get(key);
    if (path.size() == 1) {
      entries.put(key, new Entry(place, value));
    } else {
      Mapping inner =
          old != null && old.value() instanceof Mapping given
              ? given
              : new Mapping(new LinkedHashMap<>(), place);
      entries.put(
          key,
          new Entry(
              old == null ? place : old.place(),
              put(inner, path.subList(1, path.size()), value, place)));
    }
    return new Mapping(entries, mapping.place());
  }
}
