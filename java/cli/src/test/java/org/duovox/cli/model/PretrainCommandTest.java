package org.duovox.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.Progress;
import org.duovox.train.log.TrainLine;
import org.junit.jupiter.api.Test;

class PretrainCommandTest {
  @Test
  void severalProcessesComeLater() {
    DuovoxException error =
        assertThrows(
            DuovoxException.class,
            () -> PretrainCommand.requireOneProcess(Map.of("WORLD_SIZE", "2")));
    assertEquals(69, error.kind().exitCode());
    assertTrue(error.getMessage().contains("unset WORLD_SIZE"), error.getMessage());
    PretrainCommand.requireOneProcess(Map.of());
    PretrainCommand.requireOneProcess(Map.of("WORLD_SIZE", "1"));
  }

  /// A closed terminal interrupts the thread: the training sees it after the step, and saves.
  @Test
  void anInterruptionDoesNotEndATrainingBeforeItIsSaved() {
    Thread.currentThread().interrupt();
    TrainingVerb.listener(Progress.none(), TrainLine::text).step(1, 2);
    assertTrue(Thread.interrupted(), "nobody took it");
  }
}
