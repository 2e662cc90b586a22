package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.BatchLoader.Batch;
import org.duovox.train.data.EpochSource.TargetFeatures;
import org.duovox.units.Toy;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;

final class BatchLoaderTest {
  @Test
  void batchesComeInTheOrderOfThePlanEpochAfterEpoch() throws InterruptedException {
    Corpus corpus = Toy.corpus(10, 9, 7);
    List<Window> windows = Window.cut(corpus, ToyModel.dual());
    BatchPlan plan = new BatchPlan(windows, 4, 0, 1);
    BatchWriter.Sizes sizes = BatchWriter.Sizes.atMost(corpus, windows, 4, 0);
    EpochSource source =
        new EpochSource(
            corpus,
            plan,
            new UnitIds(9, 7),
            new TrainPlan.Rows(
                Window::utterance, () -> EpochSource.RowChange.NONE, TargetFeatures.NONE));
    List<List<Integer>> seen = new ArrayList<>();
    try (NativeRing ring =
            new NativeRing(2, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), Device.CPU);
        BatchLoader loader = new BatchLoader(ring, source)) {
      for (int i = 0; i < 6; i++) {
        Batch batch = loader.take().orElseThrow();
        List<Integer> labels = new ArrayList<>();
        for (int row = 0; row < batch.shape().rows(); row++) {
          labels.add(batch.slot().labels().get(row));
        }
        seen.add(labels);
        assertEquals(i / 3, batch.epoch());
        assertEquals(i % 3 == 2, batch.lastOfEpoch());
        loader.release(batch);
      }
    }
    List<List<Integer>> expected = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      plan.epoch(epoch).forEach(b -> expected.add(b.stream().map(Window::utterance).toList()));
    }
    assertEquals(expected, seen);
  }

  @Test
  void endAndFailureOfTheSourceReachTheCaller() throws InterruptedException {
    AtomicInteger count = new AtomicInteger();
    try (NativeRing ring = ring();
        BatchLoader loader =
            new BatchLoader(
                ring,
                slot -> {
                  if (count.incrementAndGet() == 2) {
                    throw DuovoxException.badData("no more");
                  }
                  return fill(slot);
                })) {
      Batch first = loader.take().orElseThrow();
      loader.release(first);
      DuovoxException error = assertThrows(DuovoxException.class, loader::take);
      assertEquals("no more", error.getMessage());
      assertTrue(loader.take().isEmpty(), "ended");
    }
    try (NativeRing ring = ring();
        BatchLoader loader = new BatchLoader(ring, slot -> Optional.empty())) {
      assertTrue(loader.take().isEmpty());
      assertTrue(loader.take().isEmpty());
    }
  }

  @Test
  void closingStopsALoaderThatWaitsForAFreeSlot() {
    AtomicInteger count = new AtomicInteger();
    NativeRing ring = ring();
    BatchLoader loader =
        new BatchLoader(
            ring,
            slot -> {
              count.incrementAndGet();
              return fill(slot);
            });
    loader.close();
    int filled = count.get();
    assertTrue(filled <= 2, "two slots");
    ring.close();
    assertEquals(filled, count.get());
  }

  @Test
  void interruptedCallerIsTold() throws InterruptedException {
    try (NativeRing ring = ring();
        BatchLoader loader = new BatchLoader(ring, BatchLoaderTest::fill)) {
      Batch batch = loader.take().orElseThrow();
      loader.release(batch);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, loader::take);
      assertFalse(Thread.interrupted());
    }
  }

  @Test
  void slotsCannotBeTouchedAfterTheRingIsClosed() {
    NativeRing ring = ring();
    NativeRing.Slot slot = ring.slots().getFirst();
    slot.contextual().put(0, 1);
    ring.close();
    assertThrows(IllegalStateException.class, () -> slot.contextual().put(0, 1));
  }

  private static NativeRing ring() {
    return new NativeRing(2, 1, 8, 8, Device.CPU);
  }

  private static Optional<Batch> fill(NativeRing.Slot slot) {
    return Optional.of(new Batch(slot, new Shape(slot.index(), 1, 3, 3), 0, 0, false));
  }
}
