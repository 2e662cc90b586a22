package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.duovox.DuovoxException;
import org.duovox.experiment.CellState;
import org.duovox.recipe.StageName;
import org.duovox.recipe.StageName.Type;
import org.duovox.report.chart.BandChart;
import org.duovox.report.page.DataTable;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.run.RunFolder;

/// The learning curves of an experiment's pretraining: the mean over seeds with a band from the
/// lowest to the highest. With several folds, those of the first.
final class LearningCurves {
  private static final int MOST_POINTS = 150;

  private final Arms arms;
  private final Map<String, List<TrainLine>> runs = new LinkedHashMap<>();

  /// What a chart shows of a training.
  private record Measure(String title, Kind kind, ToDoubleFunction<TrainLine> value) {}

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("Training loss", Kind.TRAIN, TrainLine::loss),
          new Measure("Held-out loss", Kind.VALIDATION, TrainLine::loss),
          new Measure("MCP accuracy, training", Kind.TRAIN, TrainLine::accuracy),
          new Measure("MCP accuracy, held-out", Kind.VALIDATION, TrainLine::accuracy));

  LearningCurves(Path out, Arms arms) {
    this.arms = arms;
    arms.all().stream()
        .flatMap(arm -> arm.cells().stream())
        .flatMap(cell -> training(cell).stream())
        .distinct()
        .filter(folder -> Files.isRegularFile(out.resolve(folder).resolve(RunFolder.METRICS)))
        .forEach(folder -> runs.put(folder, reports(out.resolve(folder))));
  }

  private static List<TrainLine> reports(Path training) {
    String advice = "take that folder away, and the experiment's command trains it anew";
    return DuovoxException.advising(advice, () -> RunFolder.metrics(training));
  }

  private static Optional<String> training(CellState cell) {
    return cell.stages().stream()
        .filter(stage ->
            StageName.parse(stage.name()).filter(name -> name.type() == Type.PRETRAIN).isPresent())
        .map(CellState.StagePlace::folder)
        .findFirst();
  }

  private List<String> trainings(Arms.Arm arm) {
    return arm.done().stream()
        .flatMap(cell -> training(cell).stream())
        .filter(runs::containsKey)
        .distinct()
        .toList();
  }

  /// Returns the charts; those of the same trainings, which arms may share, once.
  List<BandChart> charts() {
    List<BandChart> charts = new ArrayList<>();
    for (Measure measure : MEASURES) {
      Set<Set<List<String>>> drawn = new HashSet<>();
      arms.charts(null)
          .forEach((name, lines) -> {
            Set<List<String>> shown = new LinkedHashSet<>();
            lines.forEach(line -> line.arms().forEach(arm -> shown.add(trainings(arm))));
            if (drawn.add(shown)) {
              chart(measure, name, lines).ifPresent(charts::add);
            }
          });
    }
    return charts;
  }

  private Optional<BandChart> chart(Measure measure, String name, List<Arms.Line> lines) {
    List<BandChart.Line> drawn = new ArrayList<>();
    for (Arms.Line line : lines) {
      for (Arms.Arm arm : line.arms()) {
        line(measure, line, trainings(arm)).ifPresent(drawn::add);
      }
    }
    boolean any =
        drawn.stream().anyMatch(line -> Arrays.stream(line.value()).anyMatch(v -> v != 0));
    String title = measure.title() + (name.isEmpty() ? "" : ": " + name);
    return any
        ? Optional.of(
            new BandChart(title, "Band: lowest to highest seed.", "step", List.of(), false, drawn))
        : Optional.empty();
  }

  private Optional<BandChart.Line> line(Measure measure, Arms.Line line, List<String> trainings) {
    Map<Long, List<Double>> bySteps = new TreeMap<>();
    for (String training : trainings) {
      for (TrainLine report : runs.get(training)) {
        if (report.kind() == measure.kind()) {
          bySteps
              .computeIfAbsent(report.step(), step -> new ArrayList<>())
              .add(measure.value().applyAsDouble(report));
        }
      }
    }
    // Seeds report at the same steps; where one does not, a mean of others would leap.
    bySteps.values().removeIf(values -> values.size() < trainings.size());
    if (bySteps.size() < 2) {
      return Optional.empty();
    }
    List<Map.Entry<Long, List<Double>>> points = thinned(List.copyOf(bySteps.entrySet()));
    return Optional.of(
        new BandChart.Line(
            line.name(),
            line.color(),
            points.stream().mapToDouble(Map.Entry::getKey).toArray(),
            each(points, DoubleSummaryStatistics::getAverage),
            each(points, DoubleSummaryStatistics::getMin),
            each(points, DoubleSummaryStatistics::getMax),
            new double[0][],
            new double[0][]));
  }

  private static double[] each(
      List<Map.Entry<Long, List<Double>>> points,
      ToDoubleFunction<DoubleSummaryStatistics> figure) {
    return points.stream()
        .map(point -> point.getValue().stream().mapToDouble(v -> v).summaryStatistics())
        .mapToDouble(figure)
        .toArray();
  }

  private static <T> List<T> thinned(List<T> points) {
    if (points.size() <= MOST_POINTS) {
      return points;
    }
    List<T> thinned = new ArrayList<>();
    for (int i = 0; i < MOST_POINTS; i++) {
      thinned.add(points.get((int) ((long) i * (points.size() - 1) / (MOST_POINTS - 1))));
    }
    return thinned;
  }

  /// Returns all reports of all cells.
  DataTable table() {
    List<List<Object>> rows = new ArrayList<>();
    for (Arms.Arm arm : arms.all()) {
      for (CellState cell : arm.done()) {
        training(cell)
            .filter(runs::containsKey)
            .ifPresent(
                folder -> runs.get(folder).forEach(line -> rows.add(row(cell.name(), line))));
      }
    }
    return table(rows);
  }

  /// Returns rows as the table of learning curves.
  static DataTable table(List<List<Object>> rows) {
    return new DataTable(
        "learning",
        "Learning curves",
        List.of("training", "kind", "step", "loss", "mcp", "mcr", "accuracy", "learning_rate"),
        rows);
  }

  /// Returns a report of a training as a row.
  static List<Object> row(String training, TrainLine line) {
    return List.of(
        training,
        line.kind() == Kind.TRAIN ? "train" : "validation",
        line.step(),
        line.loss(),
        line.mcp(),
        line.mcr(),
        line.accuracy(),
        line.learningRate());
  }
}
