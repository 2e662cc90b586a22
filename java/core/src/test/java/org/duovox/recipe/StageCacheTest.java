package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.duovox.io.AtomicFiles;
import org.duovox.recipe.StageCache.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stage runs once for the same settings and inputs, and again for others or after it failed.
class StageCacheTest {
  private static final StageCache.Listener SILENT = new StageCache.Listener() {};

  @TempDir Path output;
  private final AtomicInteger runs = new AtomicInteger();

  private Stage run(Object settings, List<Stage> inputs) {
    return new StageCache(output, SILENT).run("a", settings, inputs, this::work);
  }

  private void work(Path folder) {
    runs.incrementAndGet();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void reusesAFinishedStage() {
    assertFalse(run(Map.of("k", 1), List.of()).reused());
    assertTrue(run(Map.of("k", 1), List.of()).reused());
    assertEquals(1, runs.get());
  }

  @Test
  void runsAgainForOtherSettingsOrInputs() {
    run(Map.of("k", 1), List.of());
    assertFalse(run(Map.of("k", 2), List.of()).reused());
    Stage input = new Stage("in", output, "key", true, 0);
    assertFalse(run(Map.of("k", 2), List.of(input)).reused());
    assertEquals(3, runs.get());
  }

  @Test
  void aFailedStageIsNotTakenForFinished() {
    run(Map.of("k", 1), List.of());
    StageCache cache = new StageCache(output, SILENT);
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.run(
                "a",
                Map.of("k", 2),
                List.of(),
                folder -> {
                  throw new IllegalStateException("stopped half-way");
                }));
    // The old output is still there, but its record is not: the old settings run again too.
    assertFalse(run(Map.of("k", 1), List.of()).reused());
  }

  @Test
  void anInterruptedStageIsNotTakenForFinished() {
    StageCache cache = new StageCache(output, SILENT);
    assertThrows(
        StageCache.Interrupted.class,
        () ->
            cache.run(
                "a",
                Map.of(),
                List.of(),
                folder -> {
                  work(folder);
                  Thread.currentThread().interrupt();
                }));
    assertTrue(Thread.interrupted());
    assertFalse(run(Map.of(), List.of()).reused());
  }

  @Test
  void aDamagedRecordOnlyMeansRunningAgain() {
    run(Map.of(), List.of());
    AtomicFiles.write(output.resolve("stages/a.json"), "{\"name\": ");
    assertFalse(run(Map.of(), List.of()).reused());
  }
}
