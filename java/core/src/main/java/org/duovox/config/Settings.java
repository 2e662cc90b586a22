package org.duovox.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.config.Located.Entry;
import org.duovox.config.Located.Mapping;
import org.duovox.io.Suggestions;

/// Settings of a single command, read the way recipes are: sections of a YAML file with
/// `section.key=value` laid over them.
public final class Settings {
  private final Mapping sections;

  private Settings(Mapping sections) {
    this.sections = sections;
  }

  /// Reads settings.
  ///
  /// @param file YAML, or null for none
  /// @param overrides texts `section.key=value`
  /// @param known names of the sections that the command has
  /// @throws DuovoxException (BAD_CONFIG) with file, line and a suggestion for a section that is
  ///   not known
  public static Settings read(Path file, List<String> overrides, List<String> known) {
    Mapping base =
        file == null ? new Mapping(new LinkedHashMap<>(), "settings") : YamlReader.read(file);
    Mapping all = Overrides.apply(base, overrides);
    all.entries().forEach((name, entry) -> requireKnown(name, entry, known));
    return new Settings(all);
  }

  /// A section bound to a record; what it leaves out keeps the value of `defaults`.
  public <R extends Record> R section(String name, Class<R> type, R defaults) {
    Entry entry = sections.entries().get(name);
    if (entry == null) {
      return defaults;
    }
    if (entry.value() instanceof Mapping mapping) {
      return RecordBinder.bind(mapping, type, defaults);
    }
    throw RecordBinder.wrong(entry.value(), name, "a mapping");
  }

  private static void requireKnown(String name, Entry entry, List<String> known) {
    if (!known.contains(name)) {
      String hint =
          Suggestions.nearest(name, known)
              .map(nearest -> "did you mean '" + nearest + "'?")
              .orElse("known are " + String.join(", ", known));
      throw DuovoxException.config(
          "%s: unknown section '%s'; %s".formatted(entry.where(), name, hint));
    }
  }
}
