package org.duovox.cli;

import static org.duovox.cli.CliProcess.signal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.io.atomic.SealedFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills real trainings when they print a certain line, and resumes them; `scripts/kill-resume`
/// does it more often and at random moments.
final class KillResumeTest {
  @TempDir private static Path folder;

  private static Path corpus;

  @BeforeAll
  static void makeCorpus() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    Path manifest = Melodies.write(folder, 8);
    Path features = folder.resolve("features");
    Cli.ok("features", "--encoder", "logmel", "--manifest", manifest, "--out", features);
    for (int clusters : new int[] {12, 6}) {
      Path codebook = folder.resolve(clusters + ".safetensors");
      Cli.ok("kmeans", "--features", features, "--clusters", clusters, "--out", codebook);
      Cli.ok(
          "quantize",
          "--features",
          features,
          "--codebook",
          codebook,
          "--out",
          folder.resolve("units-" + clusters));
    }
    corpus = folder.resolve("corpus");
    Cli.ok(
        "align",
        "--contextual",
        folder.resolve("units-12"),
        "--phonetic",
        folder.resolve("units-6"),
        "--out",
        corpus);
  }

  @Test
  void killedAndStoppedRunsEndOnTheSameBytes() throws Exception {
    String[] settings = {
      "pretrain.steps=20",
      "pretrain.report_every=2",
      "pretrain.accumulation=2",
      "pretrain.validation_fraction=0.2",
      "pretrain.checkpoints.every_steps=3",
      "model.dropout=0.1"
    };
    assertEquals(0, train("whole", "", process -> {}, settings).code());
    CliProcess killed = train("killed", "s:8 ", process -> signal(process, "KILL"), settings);
    assertTrue(killed.code() != 0, killed + "");
    CliProcess stopped = train("killed", "s:12 ", process -> signal(process, "TERM"), settings);
    assertEquals(143, stopped.code(), stopped + "");
    assertTrue(stopped.lines().toString().contains("SIGTERM: finishing"), stopped + "");
    assertTrue(stopped.lines().toString().contains("go on with --resume"), stopped + "");
    assertFalse(Files.exists(folder.resolve("killed/model.safetensors")));
    CliProcess again = train("killed", "val s:", process -> signal(process, "KILL"), settings);
    assertTrue(again.code() != 0, again + "");
    assertEquals(0, train("killed", "", process -> {}, settings).code());
    for (String file : List.of("metrics.jsonl", "model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("killed").resolve(file)),
          file);
    }
    CliProcess finished = train("killed", "", process -> {}, settings);
    assertEquals(0, finished.code(), finished + "");
    assertTrue(finished.lines().toString().contains("is finished already"), finished + "");
  }

  @Test
  void aKillWhileCheckpointsAreWrittenTearsNone() throws Exception {
    String[] settings = {
      "pretrain.steps=100000",
      "pretrain.warmup=1",
      "pretrain.report_every=100000",
      "pretrain.checkpoints.every_steps=1"
    };
    long newest = 0;
    for (int kill = 1; kill <= 5; kill++) {
      // The line says that a checkpoint stands; the next one is being written when the kill
      // arrives.
      String line = "checkpoint step-%08d".formatted(newest + kill);
      CliProcess ended = train("torn", line, process -> signal(process, "KILL"), settings);
      assertTrue(ended.lines().contains(line), ended + "");
      assertFalse(ended.lines().toString().contains("damaged"), ended + "");
      long found = 0;
      for (Path checkpoint : checkpoints("torn")) {
        SealedFolder.verify(checkpoint);
        found = Math.max(found, Long.parseLong(checkpoint.getFileName().toString().substring(5)));
      }
      assertTrue(found >= newest + kill, found + " is the newest");
      newest = found;
    }
  }

  @Test
  void usr1SavesAndGoesOn() throws Exception {
    CliProcess ended =
        train(
            "usr1",
            "s:2 ",
            process -> signal(process, "USR1"),
            "pretrain.steps=30000",
            "pretrain.report_every=1",
            "pretrain.warmup=1",
            "pretrain.validation.every_steps=30000");
    assertEquals(143, ended.code(), ended + "");
    assertTrue(
        ended.lines().stream().filter(line -> line.startsWith("checkpoint step-")).count() >= 2,
        ended + "");
  }

  /// Runs a training and does something when a line begins with `trigger`; after SIGUSR1, SIGTERM
  /// follows when its checkpoint stands.
  private static CliProcess train(
      String out, String trigger, Consumer<Process> action, String... settings)
      throws IOException, InterruptedException {
    boolean[] done = {trigger.isEmpty()};
    return CliProcess.run(
        words(out, settings),
        (process, line) -> {
          if (!done[0] && line.startsWith(trigger)) {
            action.accept(process);
            done[0] = true;
          } else if (out.equals("usr1") && line.startsWith("checkpoint ")) {
            signal(process, "TERM");
          }
        });
  }

  private static List<String> words(String out, String... settings) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "pretrain",
                "--corpus",
                corpus.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--resume",
                "--preset",
                "tiny"));
    for (String setting :
        List.of("model.layers=1", "model.hidden=16", "model.heads=2", "pretrain.batch_size=2")) {
      words.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    return words;
  }

  private static List<Path> checkpoints(String run) throws IOException {
    try (var paths = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return paths.filter(path -> path.getFileName().toString().startsWith("step-")).toList();
    }
  }
}
