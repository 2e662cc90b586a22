package org.duovox.report.assemble;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.duovox.eval.compare.Verdict;
import org.duovox.experiment.CellState;
import org.duovox.experiment.ExperimentFiles.ArmRow;
import org.duovox.experiment.ExperimentFiles.Comparisons;
import org.duovox.experiment.ExperimentFiles.Scores;
import org.duovox.experiment.ExperimentFiles.State;
import org.duovox.experiment.Finding;
import org.duovox.recipe.Results;
import org.duovox.report.chart.BandChart;
import org.duovox.report.chart.ForestChart;
import org.duovox.report.chart.ResultGroup;
import org.duovox.report.chart.WhiskerChart;

/// What an experiment scored and found, as charts and tables: effects of its comparisons, scores of
/// its arms, and scores over its ordered axes.
final class ExperimentScores {
  private static final int MOST_NAMED = 6;

  private final State state;
  private final Arms arms;
  private final List<Finding> findings;
  private final Scores scores;

  /// @param comparisons null where they were not made yet
  /// @param scores null where there are none yet
  ExperimentScores(State state, Arms arms, Comparisons comparisons, Scores scores) {
    this.state = state;
    this.arms = arms;
    this.findings = comparisons == null ? List.of() : comparisons.comparisons();
    this.scores = scores == null ? new Scores("", "", List.of(), List.of(), List.of()) : scores;
  }

  /// Returns the answer to the experiment's question in a sentence.
  String answer() {
    long done = state.cells().stream().filter(c -> c.state() == CellState.State.DONE).count();
    if (scores.arms().isEmpty()) {
      return "Not known yet: %d of %d cells are done.".formatted(done, state.cells().size());
    }
    if (findings.isEmpty()) {
      return "The grid compares nothing; its scores are below.";
    }
    if (findings.size() == 1) {
      return findings.getFirst().sentence();
    }
    List<String> counts = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    Map<Verdict, List<Finding>> byVerdict =
        findings.stream()
            .collect(
                Collectors.groupingBy(
                    Finding::verdict, () -> new EnumMap<>(Verdict.class), Collectors.toList()));
    byVerdict.forEach((verdict, those) -> {
      counts.add(those.size() + " " + counted(verdict));
      if (isListed(verdict, those)) {
        parts.add(phrase(verdict) + ": " + names(those) + ".");
      }
    });
    if (byVerdict.size() > 1) {
      String all = "Of %d comparisons %s.".formatted(findings.size(), String.join(", ", counts));
      return parts.isEmpty() ? all : all + " " + String.join(" ", parts);
    }
    Verdict only = findings.getFirst().verdict();
    return "%s comparisons %s%s."
        .formatted(
            findings.size() == 2 ? "Both" : "All " + findings.size(),
            counted(only),
            isListed(only, findings) ? ": " + names(findings) : "");
  }

  private static boolean isListed(Verdict verdict, List<Finding> those) {
    return verdict != Verdict.INSIDE_THE_NOISE || those.size() <= MOST_NAMED;
  }

  private static String counted(Verdict verdict) {
    return switch (verdict) {
      case BETTER -> "found the first better";
      case WORSE -> "found it worse";
      case INSIDE_THE_NOISE -> "are inside the noise";
      case NO_RESULT -> "cannot be told";
    };
  }

  private String names(List<Finding> those) {
    List<String> names = those.stream().map(this::name).distinct().toList();
    int more = names.size() - MOST_NAMED;
    String first = String.join("; ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    return more > 0 ? first + "; and %d more".formatted(more) : first;
  }

  private static String phrase(Verdict verdict) {
    return switch (verdict) {
      case BETTER -> "Better";
      case WORSE -> "Worse";
      case INSIDE_THE_NOISE -> "Inside the noise";
      case NO_RESULT -> "Cannot be told";
    };
  }

  private String name(Finding finding) {
    String metric =
        findings.stream().map(Finding::metric).distinct().count() > 1
            ? " (" + finding.metric() + ")"
            : "";
    return arms.against(finding.of(), finding.against()) + metric;
  }

  List<Finding> findings() {
    return findings;
  }

  /// Returns a forest plot for each score and data set; of a pair that is compared by several
  /// scores of one name, such as the accuracies of two classifiers, one for each question.
  List<ForestChart> effects() {
    Map<String, List<Finding>> byScore = new LinkedHashMap<>();
    for (Finding finding : findings) {
      String data = finding.dataset() == null ? "" : ", " + finding.dataset();
      byScore
          .computeIfAbsent("Difference of " + finding.metric() + data, key -> new ArrayList<>())
          .add(finding);
    }
    List<ForestChart> charts = new ArrayList<>();
    byScore.forEach((title, group) -> {
      if (group.stream().map(f -> List.of(f.of(), f.against())).distinct().count()
          == group.size()) {
        charts.add(forest(title, group));
      } else {
        group.stream()
            .collect(
                Collectors.groupingBy(Finding::question, LinkedHashMap::new, Collectors.toList()))
            .forEach((question, part) -> charts.add(forest(title + ": " + question, part)));
      }
    });
    charts.removeIf(chart -> chart.rows().stream().allMatch(row -> row.effect() == null));
    return charts;
  }

  private ForestChart forest(String title, List<Finding> group) {
    return new ForestChart(
        title,
        group.stream()
            .map(f ->
                new ForestChart.Row(
                    arms.against(f.of(), f.against()),
                    f.effect(),
                    f.low(),
                    f.high(),
                    f.detectable(),
                    f.verdict().label()))
            .toList());
  }

  /// Returns a chart of all arms for each score, seeds as faint dots.
  List<WhiskerChart> armCharts() {
    return metrics().stream()
        .map(metric -> new WhiskerChart(group(metric)))
        .filter(chart -> chart.group().isDefined())
        .toList();
  }

  private Set<String> metrics() {
    Set<String> metrics = new LinkedHashSet<>();
    scores.arms().forEach(arm -> metrics.add(arm.metric()));
    return metrics;
  }

  private ResultGroup group(String metric) {
    List<Results.Row> rows = new ArrayList<>();
    for (ArmRow arm : scores.arms()) {
      if (arm.metric().equals(metric)) {
        String name = arms.name(arm.axes());
        rows.add(row(metric, Results.MEAN, name, arm.value(), arm.low(), arm.high(), arm.items()));
        arm.values()
            .forEach((seed, value) ->
                rows.add(row(metric, "seed " + seed, name, value, null, null, arm.items())));
      }
    }
    return ResultGroup.of(rows).getFirst();
  }

  private Results.Row row(
      String metric, String split, String name, Double value, Double low, Double high, int items) {
    return new Results.Row(
        label(metric), state.name(), split, name, label(metric), value, low, high, items, 0);
  }

  /// Returns the name of a score for people.
  static String label(String metric) {
    return switch (metric) {
      case "auc" -> "AUC";
      case "spearman" -> "100 x Spearman";
      case "finetune" -> "accuracy, fine-tuned";
      case "probe" -> "accuracy, linear probe";
      default -> metric;
    };
  }

  /// Returns a chart for each score and ordered axis: a line per system, a band over the seeds.
  List<BandChart> sweeps() {
    List<BandChart> charts = new ArrayList<>();
    for (Arms.Ordered axis : arms.ordered()) {
      for (String metric : metrics()) {
        arms.charts(axis.axis())
            .forEach((name, lines) -> charts.add(sweep(axis, metric, name, lines)));
      }
    }
    charts.removeIf(chart -> chart.lines().stream().noneMatch(line -> line.x().length > 1));
    return charts;
  }

  private BandChart sweep(Arms.Ordered axis, String metric, String name, List<Arms.Line> lines) {
    String title =
        label(metric)
            + " over "
            + Arms.shortName(axis.axis())
            + (name.isEmpty() ? "" : ": " + name);
    List<BandChart.Tick> ticks =
        axis.values().entrySet().stream()
            .map(value -> new BandChart.Tick(value.getValue(), value.getKey()))
            .toList();
    List<BandChart.Line> drawn = lines.stream().map(line -> line(axis, metric, line)).toList();
    return new BandChart(
        title,
        "Band: lowest to highest seed; dots: seeds; thin lines: 95 % intervals over seeds and items.",
        Arms.shortName(axis.axis()),
        ticks,
        axis.isLogarithmic(),
        drawn);
  }

  private BandChart.Line line(Arms.Ordered axis, String metric, Arms.Line line) {
    List<ArmRow> rows =
        axis.values().keySet().stream()
            .flatMap(value -> row(axis.axis(), value, metric, line).stream())
            .toList();
    List<double[]> dots = new ArrayList<>();
    for (ArmRow row : rows) {
      double place = axis.values().get(row.axes().get(axis.axis()));
      seeds(row).forEach(value -> dots.add(new double[] {place, value}));
    }
    return new BandChart.Line(
        line.name(),
        line.color(),
        rows.stream().mapToDouble(r -> axis.values().get(r.axes().get(axis.axis()))).toArray(),
        rows.stream().mapToDouble(row -> number(row.value())).toArray(),
        rows.stream()
            .mapToDouble(r -> seeds(r).stream().reduce(Math::min).orElse(Double.NaN))
            .toArray(),
        rows.stream()
            .mapToDouble(r -> seeds(r).stream().reduce(Math::max).orElse(Double.NaN))
            .toArray(),
        rows.stream()
            .map(row -> new double[] {number(row.low()), number(row.high())})
            .toArray(double[][]::new),
        dots.toArray(double[][]::new));
  }

  private static List<Double> seeds(ArmRow row) {
    return row.values().values().stream().filter(value -> value != null).toList();
  }

  private static double number(Double value) {
    return value == null ? Double.NaN : value;
  }

  private Optional<ArmRow> row(String axis, String value, String metric, Arms.Line line) {
    return line.arms().stream()
        .filter(arm -> value.equals(arm.values().get(axis)))
        .flatMap(arm ->
            scores.arms().stream()
                .filter(row -> row.metric().equals(metric) && row.axes().equals(arm.values())))
        .findFirst();
  }

  /// Returns the tables of the same figures.
  ExperimentTables tables() {
    return new ExperimentTables(state, arms, findings, scores);
  }
}
