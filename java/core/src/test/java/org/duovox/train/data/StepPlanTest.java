package org.duovox.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.duovox.model.batch.Window;
import org.junit.jupiter.api.Test;

final class StepPlanTest {
  @Test
  void stepsOfAnEpochReadEachBatchOnceAndNeverMixEpochs() {
    for (long budget : new long[] {0, 60}) {
      for (int accumulation : new int[] {1, 2, 3, 7}) {
        BatchPlan batches = new BatchPlan(windows(53), 4, budget, 9);
        StepPlan plan = new StepPlan(batches, accumulation);
        long step = 1;
        for (int epoch = 0; epoch < 3; epoch++) {
          int next = 0;
          while (next < batches.count(epoch)) {
            int count = Math.min(accumulation, batches.count(epoch) - next);
            assertEquals(new StepPlan.Place(epoch, next, count), plan.place(step));
            next += count;
            step++;
          }
        }
        assertEquals(step - 1, plan.steps(3));
      }
    }
  }

  private static List<Window> windows(int count) {
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      windows.add(new Window(i, 0, 1 + (37 * i) % 30));
    }
    return windows;
  }
}
