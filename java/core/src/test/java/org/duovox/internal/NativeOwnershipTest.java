package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.duovox.DuovoxException;
import org.duovox.bindings.Duovox;
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
  void constructorsThatFailLeaveNothingOpen() {
    int before = Handle.open();
    for (float[] wrong : new float[][] {{1, Float.NaN}, {1, Float.POSITIVE_INFINITY}}) {
      assertThrows(DuovoxException.class, () -> new NativeAssigner(wrong, 2, 1));
    }
    assertThrows(DuovoxException.class, () -> new NativeModel(model(7)));
    assertThrows(DuovoxException.class, () -> new NativeRing(0, 1, 1, 1, Device.CPU));
    assertThrows(DuovoxException.class, () -> new NativeKMeans(0, 1, 0));
    assertEquals(before, Handle.open());
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
    assertFalse(heads.getMessage().contains("duovox_"), heads.getMessage());
    assertEquals(DuovoxException.Kind.BAD_DATA, heads.kind());
    try (NativeKMeans kmeans = new NativeKMeans(3, 1, 0);
        NativeRows rows = new NativeRows(2, 1)) {
      assertThrows(DuovoxException.class, () -> kmeans.start(rows, 2));
      assertThrows(IllegalArgumentException.class, () -> kmeans.start(rows, 3));
      assertThrows(DuovoxException.class, kmeans::centroids);
    }
  }

  @Test
  void moreValuesThanAnArrayHoldsAreARefusalNotABug() {
    DuovoxException failure =
        assertThrows(
            DuovoxException.class, () -> Native.toFloats(MemorySegment.NULL, 3_000_000_000L));
    assertTrue(failure.getMessage().contains("3000000000 values"), failure.getMessage());
  }

  @Test
  void layoutsAndVersionFitTheLibrary() {
    assertTrue(NativeRuntime.info().threads() >= 1);
    assertEquals(15, NativeLibrary.layouts().size());
  }

  @Test
  void stepsAndEvaluationsTakeAnyNumberOfParts() {
    int rows = 700; // more than the 256 parts there once was room for
    try (NativeModel model = new NativeModel(model(8));
        NativeRing ring = ring(rows);
        NativeTrainer trainer = new NativeTrainer(model, training(10))) {
      NativeRing.Shape[] whole = {new NativeRing.Shape(0, rows, 3, 3)};
      NativeRing.Shape[] parts = new NativeRing.Shape[rows];
      for (int row = 0; row < rows; row++) {
        parts[row] = new NativeRing.Shape(0, row, 1, 3, 3);
      }
      trainer.evaluate(ring, whole, 1);
      NativeTrainer.Report uncut = trainer.evaluation();
      trainer.evaluate(ring, parts, rows);
      NativeTrainer.Report cut = trainer.evaluation();
      assertEquals(rows, cut.targets());
      assertEquals(uncut.units(), cut.units());
      assertEquals(uncut.loss(), cut.loss(), 1e-5);
      trainer.step(ring, parts, 257);
      trainer.step(ring, parts, rows);
      trainer.step(ring, whole, 1);
      assertEquals(257 + 2 * rows, trainer.report().targets());
      assertThrows(DuovoxException.class, () -> trainer.evaluate(ring, parts, 0));
    }
  }

  @Test
  void figuresOfNothingAreNotNumbers() {
    try (NativeModel model = new NativeModel(model(8));
        NativeRing ring = ring(2);
        NativeTrainer trainer = new NativeTrainer(model, training(10))) {
      assertTrue(Double.isNaN(trainer.report().loss()));
      ring.slots().getFirst().targets().put(0, new int[] {-1, -1, -1, -1, -1, -1});
      trainer.evaluate(ring, new NativeRing.Shape[] {new NativeRing.Shape(0, 2, 3, 3)}, 1);
      NativeTrainer.Report none = trainer.evaluation();
      assertEquals(0, none.targets());
      assertTrue(Double.isNaN(none.loss()) && Double.isNaN(none.accuracy()));
    }
  }

  /// A slot with rows CLS, MASK, SEP over three phonetic units; the masked unit is row % 5.
  private static NativeRing ring(int rows) {
    NativeRing ring = new NativeRing(1, rows, 3L * rows, 3L * rows, Device.CPU);
    NativeRing.Slot slot = ring.slots().getFirst();
    for (int row = 0; row < rows; row++) {
      slot.contextual().put(3 * row, new int[] {5, 7, 6});
      slot.targets().put(3 * row, new int[] {-1, row % 5, -1});
      slot.phonetic().put(3 * row, new int[] {4, row % 4, 4});
      slot.phoneticStart().put(3 * row, new int[] {0, 1, 2});
      slot.phoneticEnd().put(3 * row, new int[] {0, 1, 2});
      slot.lengths().put(row, 3);
      slot.phoneticLengths().put(row, 3);
    }
    return ring;
  }

  private static NativeModel.Config model(int heads) {
    NativeModel.Config config = new NativeModel.Config();
    config.contextualCodes = 5;
    config.phoneticCodes = 4;
    config.layers = 1;
    config.hidden = 16;
    config.heads = heads;
    config.feedForward = 32;
    config.maxPositions = 16;
    config.phoneticEmbedding = 8;
    config.representationWidth = 3;
    config.interactionActivation = Duovox.DUOVOX_ACTIVATION_TANH();
    config.interactionSplit = true;
    config.interactionBias = true;
    config.layerNormEpsilon = 1e-12;
    config.seed = 1;
    return config;
  }

  private static NativeTrainer.Config training(long steps) {
    return new NativeTrainer.Config(
        NativeTrainer.Objective.PRETRAIN,
        new NativeTrainer.Schedule(steps, 0, 1e-3),
        NativeTrainer.AdamW.usual(0.01, 1),
        new NativeTrainer.Loss(1, 0, 0, 0), // no codebook is written
        NativeTrainer.Spikes.NONE,
        1);
  }
}
