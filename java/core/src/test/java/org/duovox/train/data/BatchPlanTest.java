package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.duovox.model.batch.Window;
import org.junit.jupiter.api.Test;

final class BatchPlanTest {
  @Test
  void everyEpochHasEveryWindowOnceInAnotherOrder() {
    BatchPlan plan = new BatchPlan(windows(101), 8, 0, 5);
    List<List<Window>> first = plan.epoch(0);
    assertEquals(13, first.size());
    assertEquals(new HashSet<>(windows(101)), new HashSet<>(flat(first)));
    assertEquals(101, flat(first).size());
    assertEquals(first, new BatchPlan(windows(101), 8, 0, 5).epoch(0));
    assertNotEquals(first, plan.epoch(1));
    assertNotEquals(first, new BatchPlan(windows(101), 8, 0, 6).epoch(0));
  }

  @Test
  void budgetOfTokensIsKeptButForALongerWindowAlone() {
    List<List<Window>> batches = new BatchPlan(windows(101), 64, 40, 5).epoch(0);
    for (List<Window> batch : batches) {
      int positions = batch.stream().mapToInt(Window::positions).sum();
      assertTrue(batch.size() == 1 || positions <= 40, batch.toString());
    }
    assertEquals(101, flat(batches).size());
  }

  @Test
  void rowsOfABatchAreAboutEquallyLong() {
    long padded = 0;
    long real = 0;
    for (List<Window> batch : new BatchPlan(windows(512), 8, 0, 1).epoch(3)) {
      padded +=
          (long) batch.size() * batch.stream().mapToInt(Window::positions).max().orElseThrow();
      real += batch.stream().mapToInt(Window::positions).sum();
    }
    assertTrue(padded < 1.15 * real, padded + " positions for " + real);
  }

  @Test
  void batchesAreCountedWithoutMakingThem() {
    for (long budget : new long[] {0, 7, 40, 200, 100_000}) {
      for (int size : new int[] {1, 3, 8, 200}) {
        BatchPlan plan = new BatchPlan(windows(101), size, budget, 5);
        for (int epoch = 0; epoch < 3; epoch++) {
          assertEquals(plan.epoch(epoch).size(), plan.count(epoch), size + " of " + budget);
        }
      }
    }
    assertEquals(0, new BatchPlan(List.of(), 8, 0, 1).count(0));
    assertEquals(0, new BatchPlan(List.of(), 8, 9, 1).count(0));
  }

  @Test
  void stepsOfAnEpochReadEachBatchOnceAndNeverMixEpochs() {
    for (long budget : new long[] {0, 60}) {
      for (int accumulation : new int[] {1, 2, 3, 7}) {
        BatchPlan plan = new BatchPlan(shortWindows(53), 4, budget, 9);
        long step = 1;
        for (int epoch = 0; epoch < 3; epoch++) {
          int next = 0;
          while (next < plan.count(epoch)) {
            int count = Math.min(accumulation, plan.count(epoch) - next);
            assertEquals(
                new BatchPlan.StepBatches(epoch, next, count), plan.batchesOf(step, accumulation));
            next += count;
            step++;
          }
        }
        assertEquals(step - 1, plan.steps(3, accumulation));
      }
    }
  }

  private static List<Window> shortWindows(int count) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      windows.add(new Window(i, 0, 1 + (37 * i) % 30));
    }
    return windows;
  }

  private static List<Window> windows(int count) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      windows.add(new Window(i, 0, 1 + (37 * i) % 50));
    }
    return windows;
  }

  private static List<Window> flat(List<List<Window>> batches) {
    return batches.stream().flatMap(List::stream).toList();
  }
}
