package org.duovox.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.experiment.Grid.Comparison;
import org.duovox.io.Suggestions;

/// Two arms of a grid that are compared.
///
/// @param comparison that asked for it
/// @param of values of the one arm by axis, sorted
/// @param against values of the other
record Pairing(Comparison comparison, Map<String, String> of, Map<String, String> against) {
  /// Returns every pairing of a grid: `*` becomes each other value, and axes that a comparison does
  /// not name are gone through value by value.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for an axis or a value that is not there
  static List<Pairing> of(Grid grid) {
    Map<String, Axis> axes = GridReader.byName(grid.axes());
    Map<List<Object>, Pairing> all = new LinkedHashMap<>();
    for (int i = 0; i < grid.head().comparisons().size(); i++) {
      Comparison comparison = grid.head().comparisons().get(i);
      String where = "%s: comparisons[%d]".formatted(grid.places().get(i), i);
      require(comparison, axes, where);
      Set<Pairing> pairings = expanded(comparison, axes);
      if (pairings.isEmpty()) {
        throw DuovoxException.config(
            where + ": compares nothing: '*' is every other value, and there is none");
      }
      for (Pairing pairing : pairings) {
        if (all.putIfAbsent(pairing.question(), pairing) != null) {
          throw DuovoxException.config(
              "%s: compares %s a second time by the same metric; p values are corrected for every comparison, so make each once"
                  .formatted(where, pairing.text()));
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static void require(Comparison comparison, Map<String, Axis> axes, String where) {
    if (comparison.of().isEmpty()
        || !comparison.of().keySet().equals(comparison.against().keySet())) {
      throw DuovoxException.config(
          "%s: 'of' and 'against' must name values of the same axes, but name %s and %s"
              .formatted(where, comparison.of().keySet(), comparison.against().keySet()));
    }
    requireValues(comparison.of(), axes, where + ".of");
    requireValues(comparison.against(), axes, where + ".against");
    requireValues(comparison.where(), axes, where + ".where");
    for (String fixed : comparison.where().keySet()) {
      if (comparison.of().containsKey(fixed)) {
        throw DuovoxException.config(
            "%s.where: the axis '%s' is compared, by 'of' and 'against'; 'where' fixes further ones"
                .formatted(where, fixed));
      }
    }
    if (comparison.against().containsValue(Comparison.OTHERS)) {
      throw DuovoxException.config(where + ".against: '*' stands in 'of' alone");
    }
    if (comparison.of().equals(comparison.against())) {
      throw DuovoxException.config(where + ": compares " + comparison.of() + " with itself");
    }
  }

  private static void requireValues(
      Map<String, String> values, Map<String, Axis> axes, String where) {
    values.forEach((name, value) -> {
      Axis axis = axes.get(name);
      if (axis == null) {
        throw DuovoxException.config(
            "%s: no axis '%s'; %s"
                .formatted(
                    where,
                    name,
                    Suggestions.nearest(name, axes.keySet())
                        .map(near ->
                            "the grid has '%s' (%s): one of the two is misspelt"
                                .formatted(near, axes.get(near).place()))
                        .orElse("the grid has " + String.join(", ", axes.keySet()))));
      }
      if (axis.isSeed()) {
        throw DuovoxException.config(where + ": seeds are not compared but averaged over");
      }
      if (!value.equals(Comparison.OTHERS) && axis.find(value).isEmpty()) {
        throw DuovoxException.config(
            "%s: the axis '%s' has no value '%s'; %s"
                .formatted(where, name, value, axis.hint(value)));
      }
    });
  }

  private static Set<Pairing> expanded(Comparison comparison, Map<String, Axis> axes) {
    List<Pairing> pairings = List.of(new Pairing(comparison, Map.of(), Map.of()));
    for (Axis axis : axes.values()) {
      if (!axis.isSeed()) {
        pairings = pairings.stream().flatMap(p -> p.with(axis).stream()).toList();
      }
    }
    return new LinkedHashSet<>(pairings);
  }

  private List<Pairing> with(Axis axis) {
    String name = axis.name();
    String one = comparison.of().get(name);
    if (one == null) {
      String fixed = comparison.where().get(name);
      return values(axis).stream()
          .filter(value -> fixed == null || fixed.equals(Comparison.OTHERS) || fixed.equals(value))
          .map(value -> and(name, value, value))
          .toList();
    }
    String other = comparison.against().get(name);
    if (!one.equals(Comparison.OTHERS)) {
      return List.of(and(name, one, other));
    }
    return values(axis).stream()
        .filter(value -> !value.equals(other))
        .map(value -> and(name, value, other))
        .toList();
  }

  private static List<String> values(Axis axis) {
    return axis.values().stream().map(Axis.Value::name).toList();
  }

  private Pairing and(String axis, String one, String other) {
    return new Pairing(comparison, plus(of, axis, one), plus(against, axis, other));
  }

  private static Map<String, String> plus(Map<String, String> map, String key, String value) {
    Map<String, String> all = new TreeMap<>(map);
    all.put(key, value);
    return all;
  }

  /// Returns what two pairings have in common that ask the same, in whatever words or order.
  private List<Object> question() {
    String dataset = comparison.dataset() == null ? "" : comparison.dataset();
    return List.of(comparison.metric(), dataset, Set.of(of, against));
  }

  /// Returns what differs, with what both have in common: `dual against contextual at shift=40`.
  String text() {
    String common =
        Cell.name(
            of.entrySet().stream()
                .filter(e -> against.get(e.getKey()).equals(e.getValue()))
                .filter(e -> !comparison.where().containsKey(e.getKey()))
                .collect(
                    LinkedHashMap::new, (m, e) -> m.put(e.getKey(), e.getValue()), Map::putAll));
    return one() + " against " + other() + (common.equals("all") ? "" : " at " + common);
  }

  /// Returns the one arm by the values in which the two differ.
  String one() {
    return differing(of, against);
  }

  /// Returns the other arm by the values in which the two differ.
  String other() {
    return differing(against, of);
  }

  private static String differing(Map<String, String> values, Map<String, String> than) {
    List<String> names = new ArrayList<>();
    values.forEach((axis, value) -> {
      if (!value.equals(than.get(axis))) {
        boolean plain = axis.equals(Axis.SYSTEM) || !value.matches("[-+0-9.eE]+|true|false");
        names.add(plain ? value : axis + " " + value);
      }
    });
    return String.join(" with ", names);
  }
}
