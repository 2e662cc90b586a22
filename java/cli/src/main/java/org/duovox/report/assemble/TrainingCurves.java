package org.duovox.report.assemble;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.duovox.report.Wording;
import org.duovox.report.chart.CurveChart;
import org.duovox.report.chart.CurveChart.Level;
import org.duovox.report.chart.CurveChart.Mark;
import org.duovox.report.chart.CurveChart.Series;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Health;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.watch.UnitPredictors.Accuracies;

/// The curves of training runs, each figure over all of them.
final class TrainingCurves {
  private final List<TrainingRecord> runs;

  TrainingCurves(List<TrainingRecord> runs) {
    this.runs = runs;
  }

  List<CurveChart> charts() {
    List<CurveChart> charts = new ArrayList<>();
    add(charts, "Loss", "", trainingAndHeldOut(TrainLine::loss), List.of(), marks());
    add(charts, "MCP loss, nats", "", trainingAndHeldOut(TrainLine::mcp));
    add(
        charts,
        "MCP accuracy",
        predictors().isEmpty() ? "" : "Dotted: predictors without a network on the same masks.",
        trainingAndHeldOut(TrainLine::accuracy),
        predictors(),
        List.of());
    add(charts, "MCR loss, mean absolute error", "", trainingAndHeldOut(TrainLine::mcr));
    add(charts, "Learning rate", "", training(TrainLine::learningRate));
    add(charts, "Gradient norm before clipping", "", training(TrainLine::gradientNorm));
    add(charts, "Loss scale", "", changing(training(line -> line.health().lossScale())));
    add(charts, "Entropy of the predicted codes, nats", "", training(TrainingCurves::entropy));
    add(charts, "Speed, units per second", "", speed());
    return charts;
  }

  private void add(List<CurveChart> charts, String title, String caption, List<Series> series) {
    add(charts, title, caption, series, List.of(), List.of());
  }

  private void add(
      List<CurveChart> charts,
      String title,
      String caption,
      List<Series> series,
      List<Level> levels,
      List<Mark> marks) {
    boolean hasValues =
        series.stream()
            .flatMapToDouble(s -> Arrays.stream(s.values()))
            .anyMatch(value -> Double.isFinite(value) && value != 0);
    if (hasValues) {
      String text = (last(series) + " " + caption).strip();
      charts.add(new CurveChart(title, text, false, series, levels, marks));
    }
  }

  /// Returns the last values of a single run in words, where there are two to compare.
  private String last(List<Series> series) {
    if (runs.size() > 1 || series.size() != 2) {
      return "";
    }
    return Wording.format(
        "Last: training %.4f, held-out %.4f.", series.getFirst().last(), series.getLast().last());
  }

  private List<Series> trainingAndHeldOut(ToDoubleFunction<TrainLine> value) {
    List<Series> all = training(value);
    for (int i = 0; i < runs.size(); i++) {
      // Alone, the held-out line has a color of its own.
      int color = runs.size() == 1 ? 1 : i;
      series(color, true, runs.get(i).lines(Kind.VALIDATION), value).ifPresent(all::add);
    }
    return all;
  }

  private List<Series> training(ToDoubleFunction<TrainLine> value) {
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      series(i, false, runs.get(i).lines(Kind.TRAIN), value).ifPresent(all::add);
    }
    return all;
  }

  private static Optional<Series> series(
      int run, boolean heldOut, List<TrainLine> lines, ToDoubleFunction<TrainLine> value) {
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(Series.of(run, heldOut, lines, TrainLine::step, value));
  }

  /// Returns nothing for a loss scale that never moves, which is not worth a figure.
  private static List<Series> changing(List<Series> all) {
    boolean moves = all.stream().anyMatch(s -> Arrays.stream(s.values()).distinct().count() > 1);
    return moves ? all : List.of();
  }

  private static double entropy(TrainLine line) {
    Health health = line.health();
    return health.targetTop() == 0 ? Double.NaN : health.predictedEntropy();
  }

  private List<Series> speed() {
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      List<Timing> timings =
          runs.get(i).timings().stream().filter(t -> t.kind() == Kind.TRAIN).toList();
      // A resumed run takes steps again: the later time counts.
      List<Timing> rising = new ArrayList<>();
      for (Timing timing : timings) {
        while (!rising.isEmpty() && rising.getLast().step() >= timing.step()) {
          rising.removeLast();
        }
        rising.add(timing);
      }
      if (!rising.isEmpty()) {
        all.add(Series.of(i, false, rising, Timing::step, Timing::unitsPerSecond));
      }
    }
    return all;
  }

  /// Returns the accuracies of the predictors, when all runs have the same.
  private List<Level> predictors() {
    List<Optional<Accuracies>> all =
        runs.stream().map(TrainingRecord::predictors).distinct().toList();
    if (all.size() != 1 || all.getFirst().isEmpty()) {
      return List.of();
    }
    Accuracies known = all.getFirst().get();
    return List.of(
        new Level("bigrams, both sides", known.bothSides()),
        new Level("bigram", known.bigram()),
        new Level("unigram", known.unigram()));
  }

  private List<Mark> marks() {
    List<Mark> marks = new ArrayList<>();
    for (TrainingRecord run : runs) {
      for (TrainLine line : run.lines(Kind.TRAIN)) {
        if (line.health().firstSpike() > 0) {
          marks.add(new Mark(Mark.Kind.SPIKE, line.health().firstSpike()));
        }
        if (line.health().firstSkipped() > 0) {
          marks.add(new Mark(Mark.Kind.SKIPPED, line.health().firstSkipped()));
        }
      }
    }
    return marks;
  }
}
