package org.duovox.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget.HostMemory;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a training is forecast to need, what there is, and how its steps are cut.
final class MemoryForecastTest {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  @TempDir Path root;

  private final List<String> remarks = new ArrayList<>();

  @Test
  void limitOfAControlGroupCountsWhereItIsLess() throws IOException {
    file("proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable:    4194304 kB\n");
    HostMemory host = new HostMemory(root);
    assertEquals(4 * GIB, host.available());
    assertEquals(8 * GIB, host.total());
    file("proc/self/cgroup", "0::/jobs/mine\n");
    file("sys/fs/cgroup/jobs/memory.max", 3 * GIB + "\n");
    file("sys/fs/cgroup/jobs/memory.current", 2 * GIB + "\n");
    file("sys/fs/cgroup/jobs/memory.stat", "anon 1\ninactive_file " + GIB / 2 + "\n");
    file("sys/fs/cgroup/jobs/mine/memory.max", "max\n");
    file("sys/fs/cgroup/jobs/mine/memory.current", GIB + "\n");
    assertEquals(GIB + GIB / 2, host.available(), "of the group above");
    assertEquals(3 * GIB, host.total(), "of the group above");
  }

  @Test
  void firstVersionOfControlGroupsAndPathsThatAreNotMounted() throws IOException {
    file("proc/meminfo", "MemAvailable: 4194304 kB\n");
    file("proc/self/cgroup", "8:pids:/\n4:cpu,memory:/somewhere/on/the/host\n0::/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", GIB + "\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", GIB / 4 + "\n");
    assertEquals(3 * GIB / 4, new HostMemory(root).available());
    assertEquals(GIB, new HostMemory(root).total());
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertEquals(4 * GIB, new HostMemory(root).available());
  }

  @Test
  void systemThatSaysNothingForbidsNothing() {
    HostMemory host = new HostMemory(root);
    assertEquals(HostMemory.UNKNOWN, host.available());
    assertEquals(HostMemory.UNKNOWN, host.total());
    assertEquals(0, host.resident());
    try (MemoryBudget.Share share =
        new MemoryBudget(host).take(forecast(GIB, 4 * GIB), remarks::add)) {
      assertTrue(remarks.getFirst().contains("not known"), remarks + "" + share);
    }
    assertEquals(4 * GIB, limit(0).bytes());
  }

  @Test
  void partsFollowTheSettingOrTheMachineAndNeverWhatIsFree() throws IOException {
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 20971520 kB\n");
    assertEquals(4 * GIB, limit(0).bytes());
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 1048576 kB\n");
    assertEquals(4 * GIB, limit(0).bytes(), "with less free now");
    assertEquals(300 * MIB, limit(300).bytes());
    file("proc/meminfo", "MemTotal: 2000000 kB\nMemAvailable: 1048576 kB\n");
    assertEquals(256 * MIB, limit(0).bytes());
    file("proc/meminfo", "MemTotal: 131072 kB\nMemAvailable: 65536 kB\n");
    assertEquals(64 * MIB, limit(0).bytes());
  }

  @Test
  void runGoesOnWithTheLimitOfItsStart() throws IOException {
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 20971520 kB\n");
    StepParts.Limit first = limit(0);
    first.lower(5000); // A step did not fit.
    assertEquals(5000, limit(0).bytes(), "though all would fit");
    assertEquals(List.of(), remarks);
    assertEquals(100 * MIB, limit(100).bytes());
    assertTrue(remarks.getFirst().contains("guards.part_mib is 100 here and was 0"), remarks + "");
    Files.writeString(
        root.resolve(StepParts.Limit.FILE),
        "{\"part_bytes\": 7000, \"peak_bytes\": 1, \"available_bytes\": 2}");
    DuovoxException earlier = assertThrows(DuovoxException.class, () -> limit(0));
    assertTrue(earlier.getMessage().contains("memory.json"), earlier.getMessage());
    assertTrue(
        earlier.getMessage().endsWith("; remove the file, and the limit is that of this machine"));
  }

  @Test
  void batchBeyondTheLimitIsForecastByItsParts() {
    assertEquals(3 * GIB, forecast(GIB, 4 * GIB).passes(), "the batch fits");
    assertEquals(2 * GIB, forecast(GIB, 2 * GIB).passes());
    assertEquals(GIB, forecast(GIB, GIB / 2).passes(), "one row is the least");
    String text = forecast(GIB, 2 * GIB).text(8 * GIB);
    assertTrue(text.contains("parts of at most 2,048 MiB (pretrain.guards.part_mib)"), text);
  }

  @Test
  void whatDoesNotFitIsRefusedWithFiguresAndTheSettingThatFits() throws IOException {
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 2097152 kB\n");
    MemoryBudget budget = new MemoryBudget(new HostMemory(root));
    DuovoxException tight =
        assertThrows(
            DuovoxException.class, () -> budget.take(forecast(GIB, 4 * GIB), remarks::add));
    assertEquals(75, tight.kind().exitCode());
    assertTrue(tight.getMessage().contains("2,048 MiB are available"), tight.getMessage());
    assertTrue(
        tight.getMessage().contains("set pretrain.guards.part_mib to 1910 or less"),
        tight.getMessage());
    DuovoxException row =
        assertThrows(
            DuovoxException.class, () -> budget.take(forecast(3 * GIB, GIB), remarks::add));
    assertTrue(row.getMessage().contains("one row of the longest 3,072 MiB"), row.getMessage());
    assertTrue(row.getMessage().contains("model.max_positions"), row.getMessage());
  }

  @Test
  void trainingThatDoesNotFitBesideAnotherWaitsForIt() throws Exception {
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 4194304 kB\n");
    MemoryBudget budget = new MemoryBudget(new HostMemory(root));
    MemoryBudget.Share first = budget.take(forecast(GIB, 4 * GIB), remarks::add);
    // What is free falls while the first one takes its memory; that was counted already.
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 1048576 kB\n");
    java.util.concurrent.CountDownLatch waiting = new java.util.concurrent.CountDownLatch(1);
    List<String> said = java.util.Collections.synchronizedList(new ArrayList<>());
    Thread second =
        Thread.ofPlatform()
            .start(() -> {
              try (MemoryBudget.Share share =
                  budget.take(
                      forecast(GIB, 4 * GIB),
                      text -> {
                        said.add(text);
                        waiting.countDown();
                      })) {
                said.add("taken " + (share != null));
              }
            });
    waiting.await();
    assertTrue(said.getFirst().contains("waits for another training"), said + "");
    file("proc/meminfo", "MemTotal: 25165824 kB\nMemAvailable: 4194304 kB\n");
    first.close();
    first.close(); // Gives back once.
    second.join();
    assertEquals("taken true", said.getLast());
  }

  @Test
  void costGrowsWithTheModelAndHalvesInHalfPrecision() {
    ModelConfig tiny = ModelConfig.preset("tiny");
    ActivationCost small = ActivationCost.of(tiny, 0.15);
    ActivationCost large = ActivationCost.of(ModelConfig.defaults(), 0.15);
    assertTrue(large.perToken() > 10 * small.perToken());
    ModelConfig bf16 = ModelConfig.defaults().with(draft -> draft.precision = Precision.BF16);
    ActivationCost half = ActivationCost.of(bf16, 0.15);
    assertEquals(0.5, half.perToken() / (double) large.perToken(), 0.05);
    ActivationCost joint = ActivationCost.of(tiny.joint(), 0.15);
    assertTrue(joint.perUnit() > small.perUnit());
  }

  private StepParts.Limit limit(long setting) {
    TrainListener listener =
        new TrainListener() {
          @Override
          public void warning(String text) {
            remarks.add(text);
          }
        };
    return StepParts.Limit.of(
        setting, StepParts.Limit.byMachine(new HostMemory(root)), root, listener);
  }

  /// A training whose largest batch takes 3 GiB, beside 10 MiB of everything else.
  private static MemoryForecast forecast(long row, long part) {
    return new MemoryForecast("pretrain", GIB / 2, 9 * MIB, MIB, row, 3 * GIB, part);
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
