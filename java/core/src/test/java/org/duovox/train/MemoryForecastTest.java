package org.duovox.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.train.MemoryForecast.Largest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryForecastTest {
  private static final long GIB = 1L << 30;
  private static final ActivationCost COST = new ActivationCost(1 << 20, 1 << 19);
  private static final Largest LARGEST = new Largest(1600, 3200, 200, 400);

  @TempDir Path root;

  @Test
  void limitOfAControlGroupCountsWhereItIsLess() throws IOException {
    file("proc/meminfo", "MemTotal: 8388608 kB\nMemAvailable:    4194304 kB\n");
    HostMemory host = new HostMemory(root);
    assertEquals(OptionalLong.of(4 * GIB), host.available());
    file("proc/self/cgroup", "0::/jobs/mine\n");
    file("sys/fs/cgroup/jobs/memory.max", 3 * GIB + "\n");
    file("sys/fs/cgroup/jobs/memory.current", 2 * GIB + "\n");
    file("sys/fs/cgroup/jobs/memory.stat", "anon 1\ninactive_file " + GIB / 2 + "\n");
    file("sys/fs/cgroup/jobs/mine/memory.max", "max\n");
    file("sys/fs/cgroup/jobs/mine/memory.current", GIB + "\n");
    assertEquals(OptionalLong.of(GIB + GIB / 2), host.available(), "of the group above");
  }

  @Test
  void firstVersionOfControlGroupsAndPathsThatAreNotMounted() throws IOException {
    file("proc/meminfo", "MemAvailable: 4194304 kB\n");
    file("proc/self/cgroup", "8:pids:/\n4:cpu,memory:/somewhere/on/the/host\n0::/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", GIB + "\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", GIB / 4 + "\n");
    assertEquals(OptionalLong.of(3 * GIB / 4), new HostMemory(root).available());
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertEquals(OptionalLong.of(4 * GIB), new HostMemory(root).available());
  }

  @Test
  void systemThatSaysNothingForbidsNothing() {
    HostMemory host = new HostMemory(root);
    assertEquals(OptionalLong.empty(), host.available());
    assertEquals(0, host.resident());
    MemoryForecast forecast = MemoryForecast.of(1000, false, COST, LARGEST, 96_000, host);
    assertEquals(StepParts.NO_LIMIT, forecast.partLimit());
    assertTrue(forecast.text().contains("not known"), forecast.text());
  }

  @Test
  void partsAreChosenAsMemoryGetsLess() throws IOException {
    long batch = 1600L * (1 << 20) + 3200L * (1 << 19);
    assertEquals(StepParts.NO_LIMIT, forecast(8 * GIB).partLimit());
    MemoryForecast tight = forecast(2 * GIB);
    assertEquals(batch, tight.batch());
    assertEquals(2 * GIB - tight.state() - tight.ring() - tight.reserve(), tight.partLimit());
    assertTrue(tight.text().contains("the same tokens per step"), tight.text());
    assertTrue(tight.partLimit() >= tight.row());
  }

  @Test
  void rowThatDoesNotFitIsRefusedWithFigures() throws IOException {
    MemoryForecast none = forecast(GIB / 4);
    DuovoxException error = assertThrows(DuovoxException.class, none::partLimit);
    assertEquals(75, error.kind().exitCode());
    assertTrue(error.getMessage().contains("one row of the longest 400 MiB"), error.getMessage());
    assertTrue(error.getMessage().contains("256 MiB are available"), error.getMessage());
    assertTrue(error.getMessage().contains("model.max_positions"), error.getMessage());
  }

  @Test
  void costGrowsWithTheModelAndHalvesInHalfPrecision() {
    ModelConfig tiny = ModelConfig.preset("tiny");
    ActivationCost small = ActivationCost.of(tiny, false, false, 0.15);
    ActivationCost large = ActivationCost.of(ModelConfig.defaults(), false, false, 0.15);
    assertTrue(large.perToken() > 10 * small.perToken());
    ActivationCost half = ActivationCost.of(ModelConfig.defaults(), false, true, 0.15);
    assertEquals(0.5, half.perToken() / (double) large.perToken(), 0.05);
    ActivationCost joint = ActivationCost.of(tiny, true, false, 0.15);
    assertTrue(joint.perUnit() > small.perUnit());
  }

  private MemoryForecast forecast(long available) throws IOException {
    file("proc/meminfo", "MemAvailable: " + available / 1024 + " kB\n");
    file("proc/self/status", "Name: java\nVmRSS:\t  524288 kB\n");
    return MemoryForecast.of(1_000_000, false, COST, LARGEST, 96_000, new HostMemory(root));
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
