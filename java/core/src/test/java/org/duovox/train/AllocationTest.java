package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.duovox.model.ToyModel;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.RunFolder;
import org.duovox.units.Toy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A step leaves a few hundred bytes to collect, whatever is in its batches: some small objects on
/// the training thread and on the loader's, never a copy of a batch.
final class AllocationTest {
  private static final int WARM_UP = 2000;
  private static final int MEASURED = 500;

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long loaderThread;

  @Test
  void stepsAllocateAFewHundredBytes() {
    long[] training = new long[2];
    long[] loader = new long[2];
    TrainListener measuring =
        new TrainListener() {
          @Override
          public void step(long done, long all) {
            if (done == WARM_UP) {
              loaderThread = loaderThread();
              loader[0] = threads.getThreadAllocatedBytes(loaderThread);
              training[0] = threads.getCurrentThreadAllocatedBytes();
            } else if (done == WARM_UP + MEASURED) {
              training[1] = threads.getCurrentThreadAllocatedBytes();
              loader[1] = threads.getThreadAllocatedBytes(loaderThread);
            }
          }
        };
    // One epoch is longer than the training: plans are made once an epoch, and not measured.
    PretrainConfig config =
        ToyTraining.config(
            "steps=" + (WARM_UP + MEASURED),
            "batch_size=1",
            "report_every=100000",
            "accumulation=2");
    try (RunFolder run = RunFolder.open(folder.resolve("run"), false)) {
      new Pretrainer(config, TrainHost.cpu(measuring))
          .run(ToyModel.dual(), Toy.corpus(2 * (WARM_UP + MEASURED) + 100, 9, 7), run);
    }
    double perStep = (training[1] - training[0]) / (double) MEASURED;
    double perLoad = (loader[1] - loader[0]) / (double) MEASURED;
    // Measured for a step of two batches: 490 bytes, and 240 to 320.
    assertTrue(perStep < 1000, perStep + " bytes per step on the training thread");
    assertTrue(perLoad < 600, perLoad + " bytes per step on the loader's thread");
  }

  private static long loaderThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("duovox-loader"))
        .mapToLong(Thread::threadId)
        .findFirst()
        .orElseThrow();
  }
}
