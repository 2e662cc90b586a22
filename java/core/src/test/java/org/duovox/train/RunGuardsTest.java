package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.internal.Device;
import org.duovox.io.Json;
import org.duovox.model.ToyModel;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run leaves beside its metrics, and what it says.
final class RunGuardsTest {
  @TempDir Path folder;

  private final List<String> remarks = new ArrayList<>();

  @Test
  void resumableRunHasEventsForecastAndPredictors() throws java.io.IOException {
    Path run = folder.resolve("run");
    train(run, false, 4);
    assertEquals(1, events(run));
    assertTrue(remarks.getFirst().startsWith("memory: about "), remarks.toString());
    assertTrue(remarks.get(1).contains("bigram acc:"), remarks.toString());
    UnitPredictors.Accuracies found =
        Json.read(
            run.resolve(UnitPredictors.Accuracies.FILE), UnitPredictors.Accuracies.class);
    assertTrue(found.targets() >= 4, "one at least for each held-out utterance");
    assertTrue(found.bothSides() >= 0 && found.bothSides() <= 1);
    assertEquals(0, Json.read(run.resolve(PartLimit.FILE), PartLimit.Content.class).partBytes());
    assertTrue(Files.readString(run.resolve(ResumableRun.CONSOLE)).contains("memory: about"));
  }

  @Test
  void rememberedLimitStaysUntilThereIsLess() {
    PartLimit first = PartLimit.in(folder);
    assertEquals(StepParts.NO_LIMIT, first.agree(forecast(1 << 30)));
    first.remember(5000);
    assertEquals(5000, PartLimit.in(folder).agree(forecast(1 << 30)), "though all would fit");
    assertEquals(3000, PartLimit.in(folder).agree(forecast(3000)));
    assertEquals(3000, PartLimit.in(folder).agree(forecast(1 << 30)));
    PartLimit.Content content =
        Json.read(folder.resolve(PartLimit.FILE), PartLimit.Content.class);
    assertEquals(9000, content.peakBytes());
    assertEquals(1 << 30, content.availableBytes());
  }

  private static MemoryForecast forecast(long available) {
    return new MemoryForecast(0, 0, 0, 0, 1000, 9000, available);
  }

  private void train(Path run, boolean resume, long steps) {
    TrainListener listener =
        new TrainListener() {
          @Override
          public void remark(String text) {
            remarks.add(text);
          }
        };
    PretrainConfig config = ToyTraining.config("steps=" + steps, "validation_fraction=0.25");
    try (ResumableRun open = ResumableRun.open(run, resume)) {
      new Pretrainer(config, Device.CPU, listener)
          .run(ToyModel.dual(), Toy.corpus(16, 9, 7), open, new TrainControl());
    }
  }

  private static long events(Path run) throws java.io.IOException {
    try (var files = Files.list(run)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(EventFile.PREFIX))
          .count();
    }
  }
}
