package org.duovox.experiment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.duovox.experiment.CellState.State;
import org.duovox.internal.Device;
import org.duovox.train.log.TrainControl;

/// How long an experiment will take: from cells of earlier runs where there are any, else from a
/// short probe ([Probe]).
///
/// @param seconds empty where nothing is known
/// @param basis what it was made from, in words
/// @param perStep seconds of a step by training, from a probe
public record Forecast(OptionalDouble seconds, String basis, Map<String, Double> perStep) {
  /// Returns the forecast of what is left, from the cells that an earlier run has ended; empty
  /// seconds where it ended none.
  public static Forecast fromEarlier(Experiment experiment, Path out, int jobs) {
    Map<String, Double> known = new HashMap<>();
    ExperimentFiles.State.earlier(out)
        .ifPresent(state ->
            state.cells().stream()
                .filter(cell -> cell.state() == State.DONE && cell.seconds() > 0)
                .forEach(cell -> known.put(cell.name(), cell.seconds())));
    if (known.isEmpty()) {
      return unknown("no cell has been run yet");
    }
    double mean = known.values().stream().mapToDouble(v -> v).average().orElseThrow();
    double left = 0;
    for (Map.Entry<Map<String, String>, List<Cell>> arm : experiment.arms().entrySet()) {
      double each =
          arm.getValue().stream()
              .filter(cell -> known.containsKey(cell.name()))
              .mapToDouble(cell -> known.get(cell.name()))
              .average()
              .orElse(mean);
      left += each * arm.getValue().stream().filter(c -> !known.containsKey(c.name())).count();
    }
    String basis =
        "the %d of %d cells that are done".formatted(known.size(), experiment.cells().size());
    return new Forecast(OptionalDouble.of(left / jobs), basis, Map.of());
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
