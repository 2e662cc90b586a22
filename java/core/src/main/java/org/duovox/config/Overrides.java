package org.duovox.config;

import java.util.LinkedHashMap;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.config.Located.Entry;
import org.duovox.config.Located.Mapping;

/// `--set a.b=value`: lays values given on the command line over those of the recipe's file.
public final class Overrides {
  private Overrides() {}

  /// The mapping with every setting applied, in order; the values are YAML.
  public static Mapping apply(Mapping recipe, List<String> settings) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw DuovoxException.usage(
            "--set %s: must read key=value, e.g. --set pretrain.epochs=2".formatted(setting));
      }
      String where = "--set " + setting.substring(0, equals);
      Located value = YamlReader.parse(setting.substring(equals + 1), where);
      recipe = put(recipe, List.of(setting.substring(0, equals).split("\\.", -1)), value, where);
    }
    return recipe;
  }

  private static Mapping put(Mapping mapping, List<String> path, Located value, String where) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(mapping.entries());
    String key = path.getFirst();
    Entry old = entries.get(key);
    if (path.size() == 1) {
      entries.put(key, new Entry(where, value));
    } else {
      Mapping inner =
          old != null && old.value() instanceof Mapping m
              ? m
              : new Mapping(new LinkedHashMap<>(), where);
      entries.put(
          key,
          new Entry(
              old == null ? where : old.where(),
              put(inner, path.subList(1, path.size()), value, where)));
    }
    return new Mapping(entries, mapping.where());
  }
}
