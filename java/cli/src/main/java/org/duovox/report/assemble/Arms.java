package org.duovox.report.assemble;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.experiment.CellState;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.report.chart.BandChart;
import org.duovox.report.chart.Systems;

/// The arms of an experiment, cells that differ in their seeds alone, with short names; and which
/// axis becomes lines, which a curve, and which charts of their own.
final class Arms {
  private static final String SEED = "seed";
  private static final String SYSTEM = "system";
  private static final int MOST_LINES = 6;
  private static final Pattern NUMBER = Pattern.compile("([^0-9+-]*)([+-]?[0-9.]+)(.*)");

  /// One arm.
  ///
  /// @param values by axis, without the seed
  record Arm(Map<String, String> values, String name, List<CellState> cells) {
    /// Returns the cells that have ended well.
    List<CellState> done() {
      return cells.stream().filter(cell -> cell.state() == CellState.State.DONE).toList();
    }
  }

  /// A line of a chart, and the arms along it.
  record Line(String name, int color, List<Arm> arms) {}

  /// An axis whose values are numbers.
  ///
  /// @param values places by the names of the values, rising
  record Ordered(String axis, Map<String, Double> values) {
    /// Returns whether equal ratios should be equally far apart.
    boolean isLogarithmic() {
      double low = values.values().stream().mapToDouble(v -> v).min().orElse(0);
      double high = values.values().stream().mapToDouble(v -> v).max().orElse(0);
      return low > 0 && high >= 8 * low;
    }
  }

  private final Map<String, List<String>> axes = new LinkedHashMap<>();
  private final List<Arm> arms = new ArrayList<>();

  Arms(State state) {
    List<String> names = new ArrayList<>(state.axes().keySet());
    names.sort((a, b) -> Boolean.compare(b.equals(SYSTEM), a.equals(SYSTEM)));
    names.stream()
        .filter(name -> !name.equals(SEED) && state.axes().get(name).size() > 1)
        .forEach(name -> axes.put(name, state.axes().get(name)));
    Map<Map<String, String>, List<CellState>> cells = new LinkedHashMap<>();
    for (CellState cell : state.cells()) {
      cells.computeIfAbsent(withoutSeed(cell.values()), key -> new ArrayList<>()).add(cell);
    }
    cells.forEach((values, members) -> arms.add(new Arm(values, name(values), members)));
  }

  private static Map<String, String> withoutSeed(Map<String, String> values) {
    Map<String, String> arm = new TreeMap<>(values);
    arm.remove(SEED);
    return arm;
  }

  /// Returns the arms in the order of the grid.
  List<Arm> all() {
    return arms;
  }

  /// Returns the name of an arm by the axes that vary: `dual, steps 25`.
  String name(Map<String, String> values) {
    return name(values, axis -> true, "all cells");
  }

  private String name(Map<String, String> values, Predicate<String> wanted, String otherwise) {
    List<String> parts = new ArrayList<>();
    for (String axis : axes.keySet()) {
      if (values.containsKey(axis) && wanted.test(axis)) {
        parts.add(part(axis, values.get(axis)));
      }
    }
    return parts.isEmpty() ? otherwise : String.join(", ", parts);
  }

  private static String part(String axis, String value) {
    boolean plain = axis.equals(SYSTEM) || !value.matches("[-+0-9.eE]+|true|false|null");
    return plain ? value : shortName(axis) + " " + value;
  }

  /// Returns the name of an axis without the sections of its key.
  static String shortName(String axis) {
    return axis.substring(axis.lastIndexOf('.') + 1).replace('_', ' ');
  }

  /// Returns what two arms differ in, and what they have in common.
  String against(Map<String, String> of, Map<String, String> against) {
    String one = name(of, axis -> !of.get(axis).equals(against.get(axis)), "all cells");
    String other = name(against, axis -> !against.get(axis).equals(of.get(axis)), "all cells");
    String common = name(of, axis -> of.get(axis).equals(against.get(axis)), "");
    return one + " against " + other + (common.isEmpty() ? "" : " at " + common);
  }

  /// Returns the axes whose values are numbers, perhaps with equal words around them.
  List<Ordered> ordered() {
    return axes.entrySet().stream()
        .flatMap(axis -> ordered(axis.getKey(), axis.getValue()).stream())
        .toList();
  }

  private static Optional<Ordered> ordered(String axis, List<String> values) {
    Set<List<String>> around = new LinkedHashSet<>();
    Map<Double, String> places = new TreeMap<>();
    for (String value : values) {
      Matcher matcher = NUMBER.matcher(value);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      around.add(List.of(matcher.group(1), matcher.group(3)));
      try {
        places.put(Double.valueOf(matcher.group(2)), value);
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    if (around.size() > 1 || places.size() < values.size()) {
      return Optional.empty();
    }
    Map<String, Double> rising = new LinkedHashMap<>();
    places.forEach((place, value) -> rising.put(value, place));
    return Optional.of(new Ordered(axis, rising));
  }

  /// Returns the lines of charts, by the name of the chart ("" for the only one).
  ///
  /// @param along axis along which a line goes; null: every arm is a line
  Map<String, List<Line>> charts(String along) {
    List<String> rest = axes.keySet().stream().filter(axis -> !axis.equals(along)).toList();
    long lines = rest.stream().mapToLong(axis -> axes.get(axis).size()).reduce(1, (a, b) -> a * b);
    String lineAxis = lines <= MOST_LINES || rest.isEmpty() ? null : rest.getFirst();
    Map<String, Map<String, List<Arm>>> charts = new LinkedHashMap<>();
    for (Arm arm : arms) {
      String chart =
          lineAxis == null
              ? ""
              : name(arm.values(), axis -> !axis.equals(along) && !axis.equals(lineAxis), "");
      String line =
          name(
              arm.values(),
              axis -> !axis.equals(along) && (lineAxis == null || axis.equals(lineAxis)),
              "all cells");
      charts
          .computeIfAbsent(chart, key -> new LinkedHashMap<>())
          .computeIfAbsent(line, key -> new ArrayList<>())
          .add(arm);
    }
    Map<String, List<Line>> colored = new LinkedHashMap<>();
    charts.forEach((name, members) -> colored.put(name, colored(members)));
    return colored;
  }

  /// Gives the systems that reports know their colors, and others the next ones.
  private static List<Line> colored(Map<String, List<Arm>> members) {
    boolean known = members.keySet().stream().anyMatch(Systems::isKnown);
    List<Line> lines = new ArrayList<>();
    Set<Integer> used = new LinkedHashSet<>();
    int next = known ? BandChart.COLORS - 1 : 0;
    for (Map.Entry<String, List<Arm>> member : members.entrySet()) {
      int color = known && Systems.isKnown(member.getKey()) ? Systems.order(member.getKey()) : next;
      while (!used.add(color)) {
        color += BandChart.COLORS;
      }
      next = color == next ? next + 1 : next;
      lines.add(new Line(member.getKey(), color, member.getValue()));
    }
    return lines;
  }
}
