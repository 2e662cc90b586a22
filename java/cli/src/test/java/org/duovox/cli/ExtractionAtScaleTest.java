package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests shards, segments and units in one pass, through the command line.
class ExtractionAtScaleTest {
  @TempDir Path folder;
  private Path manifest;
  private Path whole;

  @BeforeEach
  void extract() throws IOException {
    manifest = Melodies.write(folder, 8);
    whole = folder.resolve("whole");
    Cli.ok("features", "--encoder", "logmel", "--manifest", manifest, "--out", whole, "-q");
  }

  private Cli part(String shard, Object... more) {
    return Cli.run(
        Stream.concat(
                Stream.of(
                    "features",
                    "--encoder",
                    "logmel",
                    "--manifest",
                    manifest,
                    "--out",
                    folder.resolve("parts"),
                    "--shard",
                    shard),
                Stream.of(more))
            .toArray());
  }

  private static void requireSame(Path one, Path other) throws IOException {
    try (Stream<Path> files = Files.list(one)) {
      for (Path file : files.toList()) {
        Path second = other.resolve(file.getFileName());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(second), file.toString());
      }
    }
  }

  @Test
  void partsAreMadeVerifiedAndMerged() throws IOException {
    for (String shard : List.of("2/3", "0/3", "1/3")) {
      assertEquals(0, part(shard, "--json").code());
    }
    Cli again = part("1/3");
    assertTrue(again.out().startsWith("verified "), again.out());
    Cli refused =
        Cli.run("kmeans", "--features", folder.resolve("parts"), "--clusters", 2, "--out", "k");
    assertTrue(refused.err().contains("duovox merge"), refused.err());
    Path merged = folder.resolve("merged");
    Cli.ok("merge", folder.resolve("parts"), "--out", merged);
    requireSame(whole, merged);
    assertEquals(2, part("3/3").code());
    assertEquals(78, part("0/4").code());
    assertEquals(
        2, Cli.run("merge", folder.resolve("parts"), "--out", folder.resolve("parts/x")).code());
  }

  @Test
  void audioBecomesUnitsInOnePass() throws IOException {
    Path codebook = folder.resolve("k.safetensors");
    Cli.ok("kmeans", "--features", whole, "--clusters", 6, "--out", codebook, "-q");
    Cli.ok("quantize", "--features", whole, "--codebook", codebook, "--out", folder.resolve("two"));
    Path one = folder.resolve("one");
    Cli direct =
        Cli.ok(
            "quantize",
            "--encoder",
            "logmel",
            "--manifest",
            manifest,
            "--codebook",
            "logmel=" + codebook,
            "--out",
            one,
            "--json");
    requireSame(folder.resolve("two"), one.resolve("logmel"));
    assertEquals("logmel", direct.json().path("layers").path(0).path("layer").asString());
    assertEquals(1, direct.json().path("skipped").size());
    assertEquals(2, Cli.run("quantize", "--codebook", codebook, "--out", one).code());
    assertEquals(
        2,
        Cli.run("quantize", "--manifest", manifest, "--codebook", codebook, "--out", one).code());
  }

  @Test
  void segmentsAndBatchesAreRecordedOrChecked() throws IOException {
    Path cut = folder.resolve("cut");
    Cli.ok(
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        manifest,
        "--out",
        cut,
        "--max-segment",
        "0.1",
        "--batch-seconds",
        "2",
        "-q");
    String text = Files.readString(cut.resolve("manifest.json"));
    assertTrue(text.contains("\"whole; segments of 0.1 s\""), text);
    assertEquals(
        Files.readString(whole.resolve("index.jsonl")),
        Files.readString(cut.resolve("index.jsonl")));
    Cli tooLong =
        Cli.run(
            "features",
            "--encoder",
            "logmel",
            "--manifest",
            manifest,
            "--out",
            cut,
            "--max-segment",
            "0.001");
    assertEquals(78, tooLong.code());
    assertTrue(tooLong.err().contains("--max-segment"), tooLong.err());
    assertFalse(Cli.ok("features", "--encoder", "logmel", "--list").out().isEmpty());
  }
}
