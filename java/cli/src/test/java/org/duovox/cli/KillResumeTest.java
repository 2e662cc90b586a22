package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.io.SealedFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills real trainings when they say a certain line, and resumes them; `scripts/kill-resume` does
/// it more often and at random moments.
final class KillResumeTest {
  @TempDir private static Path folder;

  private static Path corpus;

  /// A training in a process of its own: what it said and how it ended.
  private record Ended(int code, List<String> lines) {}

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
    Ended killed = train("killed", "s:8 ", process -> signal(process, "KILL"), settings);
    assertTrue(killed.code() != 0, killed + "");
    Ended stopped = train("killed", "s:12 ", process -> signal(process, "TERM"), settings);
    assertEquals(143, stopped.code(), stopped + "");
    assertTrue(stopped.lines().toString().contains("SIGTERM: finishing"), stopped + "");
    assertTrue(stopped.lines().toString().contains("go on with --resume"), stopped + "");
    assertFalse(Files.exists(folder.resolve("killed/model.safetensors")));
    Ended again = train("killed", "val s:", process -> signal(process, "KILL"), settings);
    assertTrue(again.code() != 0, again + "");
    assertEquals(0, train("killed", "", process -> {}, settings).code());
    for (String file : List.of("metrics.jsonl", "model.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("killed").resolve(file)),
          file);
    }
    Ended finished = train("killed", "", process -> {}, settings);
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
      Ended ended = train("torn", line, process -> signal(process, "KILL"), settings);
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
    Ended ended =
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
  private static Ended train(
      String out, String trigger, Consumer<Process> action, String... settings)
      throws IOException, InterruptedException {
    Process process = start(out, settings);
    List<String> lines = new ArrayList<>();
    boolean done = trigger.isEmpty();
    try (BufferedReader reader =
        new BufferedReader(
            new java.io.InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        if (!done && line.startsWith(trigger)) {
          action.accept(process);
          done = true;
        } else if (out.equals("usr1") && line.startsWith("checkpoint ")) {
          signal(process, "TERM");
        }
      }
    }
    return new Ended(process.waitFor(), lines);
  }

  private static Process start(String out, String... settings) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dduovox.library=" + System.getProperty("duovox.library"),
                "-cp",
                classes,
                "org.duovox.cli.Main",
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
      command.addAll(List.of("--set", setting));
    }
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  // Not Process.destroy(), which closes the stream that is being read.
  private static void signal(Process process, String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      assertEquals(0, code, "kill -" + name);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Path> checkpoints(String run) throws IOException {
    try (var paths = Files.list(folder.resolve(run).resolve("checkpoints"))) {
      return paths.filter(path -> path.getFileName().toString().startsWith("step-")).toList();
    }
  }
}
