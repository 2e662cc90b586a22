package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.duovox.train.log.TrainControl;
import org.junit.jupiter.api.Test;

/// Tests what the first and the second signal do; KillResumeTest sends real ones to processes.
final class TrainingSignalsTest {
  @Test
  void theFirstAsksAndTheSecondEndsAtOnceWithItsOwnCode() {
    TrainControl control = new TrainControl();
    List<String> remarks = new ArrayList<>();
    List<Integer> ended = new ArrayList<>();
    try (TrainingSignals signals =
        new TrainingSignals(control::leave, control::save, remarks::add, ended::add)) {
      assertEquals(0, signals.exitCode());
      signals.leave("TERM", 15);
      assertTrue(control.isLeaving());
      assertEquals(143, signals.exitCode());
      assertEquals(List.of(), ended);
      signals.leave("INT", 2);
      assertEquals(List.of(130), ended);
      assertEquals(143, signals.exitCode(), "of the one that was answered");
    }
    assertEquals(
        List.of("SIGTERM: finishing the step and saving; a second one stops at once"), remarks);
  }
}
