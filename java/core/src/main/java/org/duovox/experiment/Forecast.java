package org.duovox.experiment;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import org.duovox.experiment.CellState.State;
import org.duovox.experiment.Plan.Kind;
import org.duovox.internal.Device;
import org.duovox.recipe.StageName;
import org.duovox.train.log.TrainControl;

/// How long an experiment will take: from cells of earlier runs where there are any, else from a
/// short probe ([Probe]).
///
/// @param seconds empty where nothing is known
/// @param basis what it was made from, in words
/// @param perStep seconds of a step by training, from a probe
public record Forecast(OptionalDouble seconds, String basis, Map<String, Double> perStep) {
  /// Returns the forecast of what is left, from the cells that an earlier run has ended; empty
  /// seconds where it ended none. Features and units that cells share count once.
  public static Forecast fromEarlier(Experiment experiment, Path out, int jobs) {
    Map<Cell, CellState> known = ended(experiment, out);
    if (known.isEmpty()) {
      return unknown("no cell has been run yet");
    }
    Set<String> prepared = new HashSet<>();
    known.keySet().forEach(cell -> prepared.addAll(preparation(cell).values()));
    double left = 0;
    for (List<Cell> arm : experiment.arms().values()) {
      List<Cell> ended = arm.stream().filter(known::containsKey).toList();
      double own = mean(ended.isEmpty() ? known.keySet() : ended, known, StageName::isOfModel);
      for (Cell cell : arm) {
        left += known.containsKey(cell) ? 0 : own + missing(cell, prepared, known);
      }
    }
    String basis =
        "the %d of %d cells that are done".formatted(known.size(), experiment.cells().size());
    return new Forecast(OptionalDouble.of(left / jobs), basis, Map.of());
  }

  /// Returns the cells of these settings that have been run, with what is known of them.
  private static Map<Cell, CellState> ended(Experiment experiment, Path out) {
    Map<String, CellState> byName = new HashMap<>();
    ExperimentFiles.State.earlier(out)
        .ifPresent(state ->
            state.cells().stream()
                .filter(cell -> cell.state() == State.DONE)
                .forEach(cell -> byName.put(cell.name(), cell)));
    Map<Cell, CellState> ended = new LinkedHashMap<>();
    for (Cell cell : experiment.cells()) {
      CellState state = byName.get(cell.name());
      if (state != null && Experiment.differences(cell, out).isEmpty()) {
        ended.put(cell, state);
      }
    }
    return ended;
  }

  /// Returns the seconds of the features and units of a cell that no cell before it has made.
  private static double missing(Cell cell, Set<String> prepared, Map<Cell, CellState> known) {
    double seconds = 0;
    for (Map.Entry<Kind, String> stage : preparation(cell).entrySet()) {
      boolean features = stage.getKey() == Kind.FEATURES;
      if (prepared.add(stage.getValue())) {
        seconds +=
            mean(known.keySet(), known, n -> !n.isOfModel() && n.isForAllFolds() == features);
      }
    }
    return seconds;
  }

  private static Map<Kind, String> preparation(Cell cell) {
    Map<Kind, String> stages = Plan.stages(cell);
    stages.keySet().retainAll(Set.of(Kind.FEATURES, Kind.UNITS));
    return stages;
  }

  /// Returns the mean seconds of some stages of a cell, whichever cell made them.
  private static double mean(
      Collection<Cell> cells, Map<Cell, CellState> known, Predicate<StageName> which) {
    return cells.stream()
        .mapToDouble(cell ->
            known.get(cell).stages().stream()
                .filter(stage -> StageName.parse(stage.name()).filter(which).isPresent())
                .mapToDouble(CellState.StagePlace::seconds)
                .sum())
        .average()
        .orElse(0);
  }

  /// Returns the forecast of a short probe: every kind of training takes a few steps.
  public static Forecast probed(
      Experiment experiment, int jobs, Device device, TrainControl control) {
    return Probe.of(experiment, jobs, device, control);
  }

  static Forecast unknown(String why) {
    return new Forecast(OptionalDouble.empty(), why, Map.of());
  }

  static Forecast of(double seconds, String basis, Map<String, Double> perStep) {
    return new Forecast(
        OptionalDouble.of(seconds),
        basis,
        Collections.unmodifiableMap(new LinkedHashMap<>(perStep)));
  }
}
