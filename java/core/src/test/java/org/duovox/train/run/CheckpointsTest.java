package org.duovox.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.atomic.FailingActions;
import org.duovox.io.atomic.FileActions;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.train.ToyTraining;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
  @TempDir Path folder;

  @Test
  void theNewestAreKeptAndTheBestOnesTheyRemember() throws IOException {
    try (UnitModel model = ToyModel.model(Toy.corpus(8, 9, 7));
        NativeTrainer trainer = trainer(model)) {
      Checkpoints checkpoints =
          new Checkpoints(
              folder.resolve("c"), LoopConfig.CheckpointConfig.defaults(), FileActions.REAL);
      checkpoints.saveBest(model, 1);
      checkpoints.save(model, trainer, state(2, 1));
      checkpoints.save(model, trainer, state(3, 1));
      checkpoints.saveBest(model, 4);
      checkpoints.save(model, trainer, state(4, 4));
      assertEquals(
          List.of("best-00000001", "best-00000004", "step-00000003", "step-00000004"), names());
      checkpoints.save(model, trainer, state(5, 4));
      assertEquals(List.of("best-00000004", "step-00000004", "step-00000005"), names());
      checkpoints.discardAfter(4);
      assertEquals(List.of("best-00000004", "step-00000004"), names());
    }
  }

  @Test
  void neverMoreThanTwoBestModelsBetweenTwoCheckpoints() throws IOException {
    try (UnitModel model = ToyModel.model(Toy.corpus(8, 9, 7));
        NativeTrainer trainer = trainer(model)) {
      Checkpoints checkpoints =
          new Checkpoints(
              folder.resolve("c"), LoopConfig.CheckpointConfig.defaults(), FileActions.REAL);
      for (int step = 1; step < 5; step++) {
        checkpoints.saveBest(model, step);
        assertEquals(List.of("best-0000000" + step), names(), "no checkpoint remembers another");
      }
      checkpoints.save(model, trainer, state(5, 4));
      for (int step = 6; step < 9; step++) {
        checkpoints.saveBest(model, step);
        assertEquals(List.of("best-00000004", "best-0000000" + step, "step-00000005"), names());
      }
      checkpoints.save(model, trainer, state(9, 8));
      checkpoints.saveBest(model, 10);
      assertEquals(
          List.of("best-00000008", "best-00000010", "step-00000005", "step-00000009"), names());
      checkpoints.discardBest();
      assertEquals(List.of("step-00000005", "step-00000009"), names());
    }
  }

  @Test
  void aRenamedOneIsNotTakenForThatOfItsName() throws IOException {
    try (UnitModel model = ToyModel.model(Toy.corpus(8, 9, 7));
        NativeTrainer trainer = trainer(model)) {
      Checkpoints checkpoints =
          new Checkpoints(
              folder.resolve("c"), LoopConfig.CheckpointConfig.defaults(), FileActions.REAL);
      checkpoints.save(model, trainer, state(2, 0));
      Path renamed = folder.resolve("c/step-00000009");
      Files.move(checkpoints.save(model, trainer, state(3, 0)), renamed);
      List<String> warnings = new ArrayList<>();
      assertEquals(2, checkpoints.latest(warnings::add).orElseThrow().state().step());
      assertTrue(warnings.getFirst().contains("is of step 3"), warnings + "");
      Files.move(renamed, folder.resolve("c/step-00000001"));
      new FileActions() {}.delete(folder.resolve("c/step-00000002"));
      assertThrows(Checkpoints.NoneWhole.class, () -> checkpoints.latest(warnings::add));
      assertEquals(List.of("step-00000001"), names(), "it is not lost");
    }
  }

  @Test
  void aFailureAtAnyCallLeavesTheCheckpointBefore() throws IOException {
    try (UnitModel model = ToyModel.model(Toy.corpus(8, 9, 7));
        NativeTrainer trainer = trainer(model)) {
      for (boolean forGood : new boolean[] {true, false}) {
        Path place = folder.resolve("c");
        Checkpoints good =
            new Checkpoints(place, LoopConfig.CheckpointConfig.defaults(), FileActions.REAL);
        good.save(model, trainer, state(1, 0));
        int call = 1;
        while (failsAt(call, forGood, place, model, trainer)) {
          call++;
        }
        assertTrue(call > 15, "every action was made to fail once: " + call);
        new FileActions() {}.delete(place);
      }
    }
  }

  private boolean failsAt(
      int call, boolean forGood, Path place, UnitModel model, NativeTrainer trainer)
      throws IOException {
    FailingActions failing = new FailingActions(call, forGood);
    Checkpoints checkpoints =
        new Checkpoints(place, LoopConfig.CheckpointConfig.defaults(), failing);
    try {
      checkpoints.save(model, trainer, state(2, 0));
    } catch (DuovoxException e) {
      assertTrue(e.kind() == Kind.IO || e.kind() == Kind.CANNOT_CREATE, e.getMessage());
      assertTrue(e.getMessage().contains("No space left"), e.getMessage());
    }
    Checkpoints after =
        new Checkpoints(place, LoopConfig.CheckpointConfig.defaults(), FileActions.REAL);
    Checkpoints.Found found = after.latest(text -> assertEquals("", text)).orElseThrow();
    assertTrue(found.state().step() >= 1);
    assertFalse(names().stream().anyMatch(name -> name.startsWith(".tmp-")), names() + "");
    after.discardAfter(1);
    assertEquals(List.of("step-00000001"), names());
    return failing.hasFailed();
  }

  private List<String> names() throws IOException {
    try (var paths = Files.list(folder.resolve("c"))) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static NativeTrainer trainer(UnitModel model) {
    return new NativeTrainer(model.nativeModel(), ToyTraining.config("steps=10").toNative(10));
  }

  private static CheckpointState state(long step, long best) {
    return new CheckpointState(
        CheckpointState.FORMAT,
        1,
        step,
        0,
        0,
        0,
        "",
        new BestModel.Memory(best, 1, 0),
        0,
        null,
        null,
        new CheckpointState.Origin("", "", "", "", "CPU", "FP32", 1, 1, "", ""));
  }
}
