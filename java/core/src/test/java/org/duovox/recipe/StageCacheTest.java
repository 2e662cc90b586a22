package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.recipe.StageCache.Stage;
import org.duovox.train.log.TrainControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stage runs once for the same settings and inputs, and again for others or after it failed.
class StageCacheTest {
  private static final Map<String, String> VERSIONS = Map.of("duovox", "1", "libtorch", "2.13.0");
  private static final StageCache.Listener SILENT = new StageCache.Listener() {};

  @TempDir Path output;
  private final AtomicInteger runs = new AtomicInteger();

  private Stage run(Object settings, List<Stage> inputs) {
    return new StageCache(output, VERSIONS, new TrainControl(), SILENT)
        .run("a", settings, inputs, this::work);
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
    StageCache cache = new StageCache(output, VERSIONS, new TrainControl(), SILENT);
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
    StageCache cache = new StageCache(output, VERSIONS, new TrainControl(), SILENT);
    assertThrows(
        RunStopped.class,
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
  void aTrainingGoesOnInTheFolderThatItsKeyBegan() throws IOException {
    StageCache cache = new StageCache(output, VERSIONS, new TrainControl(), SILENT);
    Path begun = output.resolve("stages/a/begun");
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.resume(
                "a",
                Map.of("k", 1),
                List.of(),
                folder -> {
                  AtomicFiles.write(begun, "half");
                  throw new IllegalStateException("stopped half-way");
                }));
    cache.resume("a", Map.of("k", 1), List.of(), folder -> assertTrue(Files.exists(begun)));
    assertTrue(cache.resume("a", Map.of("k", 1), List.of(), this::work).reused());
    cache.resume("a", Map.of("k", 2), List.of(), folder -> assertFalse(Files.exists(begun)));
  }

  @Test
  void aStageWhoseFilesAreGoneOrCutRunsAgain() throws IOException {
    List<String> told = new ArrayList<>();
    StageCache.Listener listener =
        new StageCache.Listener() {
          @Override
          public void again(String name, String why) {
            told.add(why);
          }
        };
    StageCache cache = new StageCache(output, VERSIONS, new TrainControl(), listener);
    Path model = output.resolve("stages/a/model/weights");
    StageCache.Work writing = folder -> AtomicFiles.write(model, "weights");
    cache.run("a", Map.of(), List.of(), writing);
    AtomicFiles.write(output.resolve("stages/a/notes.txt"), "mine");
    assertTrue(cache.run("a", Map.of(), List.of(), writing).reused(), "more files do no harm");
    Files.writeString(model, "weig");
    assertFalse(cache.run("a", Map.of(), List.of(), writing).reused());
    Files.delete(model);
    assertFalse(cache.resume("a", Map.of(), List.of(), writing).reused());
    assertEquals("weights", Files.readString(model));
    assertEquals(
        List.of("files in its folder are missing or cut"), told.stream().distinct().toList());
    assertEquals(2, told.size());
  }

  @Test
  void aDamagedRecordOnlyMeansRunningAgain() {
    run(Map.of(), List.of());
    AtomicFiles.write(output.resolve("stages/a.json"), "{\"name\": ");
    assertFalse(run(Map.of(), List.of()).reused());
  }

  private static final class Reasons implements StageCache.Listener {
    private final List<String> told = new ArrayList<>();

    @Override
    public void again(String name, String reason) {
      told.add(name + ": " + reason);
    }
  }

  /// Why stage b, which reads stage a, is made again.
  private String reason(Map<String, String> versions, Object settings, String inputKey) {
    Reasons reasons = new Reasons();
    Stage input = new Stage("a", output, inputKey, true, 0);
    Stage made =
        new StageCache(output, versions, new TrainControl(), reasons)
            .run("b", settings, List.of(input), this::work);
    assertTrue(!made.reused() || reasons.told.isEmpty());
    return String.join("\n", reasons.told);
  }

  @Test
  void anotherVersionMakesAStageAgainAndSaysWhy() {
    assertEquals("", reason(VERSIONS, Map.of("k", 1), "1"), "the first time");
    assertEquals("", reason(VERSIONS, Map.of("k", 1), "1"), "reused");
    assertEquals(1, runs.get());
    Map<String, String> newer = Map.of("duovox", "2", "libtorch", "2.15.0");
    assertEquals(
        "b: duovox is 2, was 1; libtorch is 2.15.0, was 2.13.0",
        reason(newer, Map.of("k", 1), "1"));
    assertEquals(
        "b: duovox is 1, was 2; libtorch is 2.13.0, was 2.15.0; its settings or its data changed; a is another",
        reason(VERSIONS, Map.of("k", 2), "2"));
    assertEquals(3, runs.get());
  }

  @Test
  void aStageMayRunOnMore() {
    StageCache cache = new StageCache(output, VERSIONS, new TrainControl(), SILENT);
    Map<String, String> more = Map.of("onnxruntime", "1.29.0");
    assertFalse(cache.run("a", more, Map.of(), List.of(), this::work).reused());
    assertTrue(cache.run("a", more, Map.of(), List.of(), this::work).reused());
    Map<String, String> other = Map.of("onnxruntime", "1.30.0");
    assertFalse(cache.run("a", other, Map.of(), List.of(), this::work).reused());
  }

  @Test
  void theRecordKeepsTheVersionsReadable() {
    run(Map.of("k", 1), List.of());
    StageRecord record = Json.read(output.resolve("stages/a.json"), StageRecord.class);
    assertEquals(VERSIONS, record.versions());
    assertEquals(
        "2.13.0", Json.tree(output.resolve("stages/a.json")).at("/versions/libtorch").asString());
  }

  @Test
  void aRecordOfAnEarlierBuildAndAStageThatDidNotEndSayWhy() {
    reason(VERSIONS, Map.of(), "1");
    AtomicFiles.write(
        output.resolve("stages/b.json"), "{\"name\": \"b\", \"key\": \"x\", \"seconds\": 1.5}");
    assertEquals("b: an earlier version of Duovox made it", reason(VERSIONS, Map.of(), "1"));
    AtomicFiles.discard(output.resolve("stages/b.json"));
    assertEquals("b: it was not finished", reason(VERSIONS, Map.of(), "1"));
  }
}
