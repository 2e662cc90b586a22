package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;

final class NativeOwnershipTest {
  @Test
  void modelOutlivesItsTrainer() {
    NativeModel model = new NativeModel(model(8));
    NativeTrainer trainer = new NativeTrainer(model, training(10));
    assertThrows(IllegalStateException.class, model::close);
    trainer.close();
    trainer.close();
    model.close();
    model.close();
    assertThrows(IllegalStateException.class, () -> model.read(model.parameters().getFirst()));
  }

  @Test
  void trainerThatCannotBeMadeLeavesTheModelFree() {
    try (NativeModel model = new NativeModel(model(8))) {
      assertThrows(DuovoxException.class, () -> new NativeTrainer(model, training(-1)));
    }
  }

  @Test
  void useOnAnotherThreadIsRefused() throws InterruptedException {
    try (NativeKMeans kmeans = new NativeKMeans(2, 1, 0)) {
      FutureTask<float[]> other = new FutureTask<>(kmeans::centroids);
      Thread.ofPlatform().start(other);
      ExecutionException failure = assertThrows(ExecutionException.class, other::get);
      assertInstanceOf(WrongThreadException.class, failure.getCause());
    }
  }

  @Test
  void refusalsCarryTheLibrarysWordsAndAKind() {
    DuovoxException heads = assertThrows(DuovoxException.class, () -> new NativeModel(model(7)));
    assertTrue(heads.getMessage().contains("heads"), heads.getMessage());
    assertEquals(DuovoxException.Kind.BAD_DATA, heads.kind());
    try (NativeKMeans kmeans = new NativeKMeans(3, 1, 0);
        NativeRows rows = new NativeRows(2, 1)) {
      assertThrows(DuovoxException.class, () -> kmeans.start(rows, 2));
      assertThrows(IllegalArgumentException.class, () -> kmeans.start(rows, 3));
      assertThrows(DuovoxException.class, kmeans::centroids);
    }
  }

  @Test
  void layoutsAndVersionFitTheLibrary() {
    assertTrue(NativeRuntime.info().threads() >= 1);
    assertEquals(15, NativeLibrary.layouts().size());
  }

  private static NativeModel.Config model(int heads) {
    return new NativeModel.Config(
        new NativeModel.Sizes(5, 4, 1, 16, heads, 32, 16, 8, 3, 0, 0, 0, 0),
        new NativeModel.Choices(0, 0, 0, 0, 0, false, false, 0),
        new NativeModel.Exchange(0, 1, true, true),
        Device.CPU,
        0,
        1e-12,
        1);
  }

  private static NativeTrainer.Config training(long steps) {
    return new NativeTrainer.Config(
        NativeTrainer.Objective.PRETRAIN,
        steps,
        0,
        1e-3,
        0.9,
        0.999,
        1e-8,
        0.01,
        1,
        1,
        1,
        0,
        NativeTrainer.Spikes.NONE,
        0,
        1);
  }
}
