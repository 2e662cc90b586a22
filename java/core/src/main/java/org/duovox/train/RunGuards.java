package org.duovox.train;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.model.BatchSizes;
import org.duovox.model.UnitModel;
import org.duovox.model.Window;
import org.duovox.train.MemoryForecast.Largest;
import org.duovox.units.Corpus;

/// What looks after one pretraining: says before the start what its units and its memory are like,
/// cuts steps that do not fit, watches its lines, and measures predictors to compare with.
final class RunGuards {
  private final PretrainConfig config;
  private final UnitModel model;
  private final PretrainPlan plan;
  private final Device device;

  RunGuards(PretrainConfig config, UnitModel model, PretrainPlan plan, Device device) {
    this.config = config;
    this.model = model;
    this.plan = plan;
    this.device = device;
  }

  /// Watches over the lines of the training; those of an earlier process are seen again first.
  Watches watches(List<TrainLine> earlier, TrainListener listeners) {
    Watches watches = new Watches(WatchConfig.defaults(), listeners::warning);
    watches.replay(earlier);
    return watches;
  }

  /// Warns of units that tell nothing apart.
  void lookAtUnits(TrainListener listeners) {
    UnitWarnings.of(plan.parts().training()).forEach(listeners::warning);
  }

  /// Tells the memory forecast and answers how steps are taken.
  ///
  /// @throws org.duovox.DuovoxException (RETRY) when not even one row fits into memory
  Stepper stepper(PartLimit remembered, TrainListener listeners) {
    ActivationCost cost =
        ActivationCost.of(model.config(), false, false, config.masking().probability());
    long limit = StepParts.NO_LIMIT;
    if (device == Device.CPU) { // Memory of a GPU shows only when it is asked for.
      MemoryForecast forecast =
          MemoryForecast.of(
              parameters(), false, cost, largest(), ring(), new HostMemory());
      limit = remembered.agree(forecast);
      listeners.remark(forecast.text());
    }
    StepParts[] parts = new StepParts[1];
    parts[0] =
        new StepParts(
            Stepper.PLAIN,
            cost,
            limit,
            text -> {
              listeners.warning(text);
              remembered.remember(parts[0].limit());
            });
    return parts[0];
  }

  /// Measures predictors without a network on the held-out utterances, tells their accuracies and
  /// writes them into a file.
  void comparePredictors(Optional<Validation> validation, Path file, TrainListener listeners) {
    if (validation.isEmpty() || config.mcpWeight() == 0) {
      return;
    }
    UnitPredictors predictors = new UnitPredictors(plan.parts().training(), model.ids());
    validation.get().eachBatch(predictors::see);
    UnitPredictors.Accuracies found = predictors.accuracies();
    AtomicFiles.write(file, Json.pretty(found));
    listeners.remark(found.text());
  }

  private long parameters() {
    return model.nativeModel().parameters().stream()
        .filter(NativeModel.Parameter::trainable)
        .mapToLong(NativeModel.Parameter::elements)
        .sum();
  }

  /// Bytes of the batch buffers: four numbers for each position, one for each phonetic unit.
  private long ring() {
    BatchSizes sizes = plan.sizes();
    return config.ringSlots() * 4L * (4 * sizes.tokens() + sizes.phoneticUnits());
  }

  /// What no batch exceeds: batches are of about equally long windows, so the longest may come
  /// together.
  private Largest largest() {
    Corpus corpus = plan.parts().training();
    List<Window> windows = plan.windows();
    int rows = Math.min(windows.size(), config.batchSize());
    ToIntFunction<Window> units = window -> window.phoneticUnits(corpus.utterance(window.utterance()));
    int longest = windows.stream().mapToInt(Window::positions).max().orElse(1);
    long budget = config.batchTokens() == 0 ? Long.MAX_VALUE : config.batchTokens();
    long tokens = Math.min(most(windows, rows, Window::positions), Math.max(budget, longest));
    return new Largest(
        tokens,
        most(windows, rows, units),
        longest,
        windows.stream().mapToInt(units).max().orElse(0));
  }

  private static long most(List<Window> windows, int rows, ToIntFunction<Window> size) {
    return windows.stream()
        .map(size::applyAsInt)
        .sorted(Comparator.reverseOrder())
        .limit(rows)
        .mapToLong(Integer::longValue)
        .sum();
  }
}
