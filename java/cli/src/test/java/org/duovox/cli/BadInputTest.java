package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir private Path folder;

  private static void expect(int code, String text, Cli result) {
    assertEquals(code, result.code(), result.err());
    assertTrue(result.err().contains(text), result.err());
    assertFalse(result.err().contains("\tat "), "no stack trace: " + result.err());
    assertEquals("", result.out());
  }

  @Test
  void missingInputsAreNamed() {
    Path gone = folder.resolve("gone");
    Path out = folder.resolve("out");
    expect(
        66, gone.toString(), Cli.run("kmeans", "--features", gone, "--clusters", 2, "--out", out));
    expect(
        66,
        gone.toString(),
        Cli.run("features", "--encoder", "logmel", "--manifest", gone, "--out", out));
    expect(
        66,
        gone.toString(),
        Cli.run("quantize", "--features", gone, "--codebook", gone, "--out", out));
    expect(
        66,
        gone.toString(),
        Cli.run("ssimi", "--gold", gone, "--pairs", gone, "--submission", gone));
    expect(66, gone.toString(), Cli.run("features", "--encoder", "logmel", "--out", out, gone));
    expect(66, gone.toString(), Cli.run("report", gone));
    expect(
        66,
        gone.toString(),
        Cli.run("pretrain", "--corpus", folder, "--out", out, "--config", gone));
    assertFalse(Files.exists(out));
  }

  @Test
  void encodersAreSuggested() throws IOException {
    Path audio = Files.write(folder.resolve("a.wav"), new byte[10]);
    Cli result = Cli.run("features", "--encoder", "logmle", "--out", folder.resolve("o"), audio);
    expect(66, "did you mean logmel?", result);
  }

  @Test
  void oneSourceOfAudioIsNeeded() {
    expect(2, "either --manifest", Cli.run("features", "--encoder", "logmel", "--out", "o"));
    expect(
        2,
        "either --manifest",
        Cli.run("features", "--encoder", "logmel", "--out", "o", "--manifest", folder, "a.wav"));
  }

  @Test
  void aManifestThatLeavesItsFolderIsRefusedWithItsLine() throws IOException {
    Path manifest = folder.resolve("list.jsonl");
    Files.writeString(manifest, "{\"audio\": \"../outside.wav\"}\n");
    Cli result =
        Cli.run(
            "features",
            "--encoder",
            "logmel",
            "--manifest",
            manifest,
            "--out",
            folder.resolve("o"));
    expect(65, "list.jsonl:1", result);
  }

  @Test
  void anUnusableFileAloneFails() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    Path audio = Files.writeString(folder.resolve("noise.wav"), "this is not audio");
    Path out = folder.resolve("o");
    Cli result = Cli.run("features", "--encoder", "logmel", "--out", out, audio);
    expect(65, "noise", result);
    assertFalse(Files.exists(out), "nothing half-written");
  }

  @Test
  void settingsAreCheckedWithASuggestion() {
    Cli result = Cli.run("pretrain", "--corpus", "c", "--out", "o", "--set", "pretrain.epohcs=2");
    expect(78, "did you mean 'epochs'?", result);
    expect(
        78,
        "did you mean 'model'?",
        Cli.run("pretrain", "--corpus", "c", "--out", "o", "--set", "modle.layers=2"));
    expect(
        78,
        "there is no model preset",
        Cli.run("pretrain", "--corpus", "c", "--out", "o", "--preset", "huge"));
    expect(2, "key=value", Cli.run("pretrain", "--corpus", "c", "--out", "o", "--set", "steps"));
    expect(
        78,
        "give it with --mode",
        Cli.run(
            "slu",
            "train",
            "--model",
            "m",
            "--corpus",
            "c",
            "--label",
            "x",
            "--out",
            "o",
            "--set",
            "slu.mode=probe"));
  }

  @Test
  void conditionsAreChecked() {
    expect(
        2, "field=value", Cli.run("pretrain", "--corpus", "c", "--out", "o", "--where", "train"));
  }

  @Test
  void debugAddsTheTrace() {
    Cli result = Cli.run("report", folder.resolve("gone"), "--debug");
    assertEquals(66, result.code());
    assertTrue(result.err().contains("\tat org.duovox.cli.recipe.ReportCommand"), result.err());
  }
}
