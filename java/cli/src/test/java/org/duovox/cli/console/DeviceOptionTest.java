package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.Cli;
import org.duovox.internal.NativeRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests `--device cuda` of every verb that computes: it is refused before any work where there is
/// no GPU, or no code for one.
class DeviceOptionTest {
  @TempDir Path folder;

  private static boolean hasCuda() {
    try {
      NativeRuntime.loadCuda();
      return true;
    } catch (DuovoxException e) {
      return false;
    }
  }

  /// Runs a verb whose inputs do not exist; it must fail before it looks for them.
  private Cli refused(String line) throws IOException {
    String out = folder.resolve("out").toString();
    List<String> words =
        List.of(line.replace("IN", folder.resolve("in").toString()).replace("OUT", out).split(" "));
    Cli result = Cli.run(words.toArray());
    assertEquals(69, result.code(), result.err());
    assertTrue(result.err().startsWith("duovox: --device cuda: "), result.err());
    assertEquals(1, result.err().lines().count(), result.err());
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
    return result;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pretrain --corpus IN --out OUT --device cuda",
        "embed --model IN --corpus IN --out OUT --device cuda",
        "forward --model IN --inputs IN --outputs OUT --device cuda",
        "slu train --model IN --corpus IN --label x --out OUT --device cuda",
        "slu evaluate --model IN --corpus IN --device cuda",
        "features --encoder IN --manifest IN --out OUT --device cuda",
        "quantize --encoder IN --manifest IN --codebook a=IN --out OUT --device cuda",
        "demo --out OUT --device cuda"
      })
  void withoutAGpuItSaysWhatIsMissing(String line) throws IOException {
    assumeFalse(hasCuda(), "this machine has a GPU");
    String err = refused(line).err();
    assertTrue(err.contains("duovox fetch cuda") && err.contains("leave --device out"), err);
  }

  @Test
  void aRecipeToo() throws IOException {
    assumeFalse(hasCuda(), "this machine has a GPU");
    Path recipe = HomeFolder.path().resolve("recipes/demo.yaml");
    refused("run " + recipe + " --out OUT --device cuda");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kmeans --features IN --clusters 4 --out OUT --device cuda",
        "quantize --features IN --codebook IN --out OUT --device cuda",
        "features --encoder logmel --manifest IN --out OUT --device cuda",
        "features --encoder speech-embedding --layer all --manifest IN --out OUT --device cuda",
        "quantize --encoder mfcc --manifest IN --codebook a=IN --out OUT --device cuda"
      })
  void whatHasNoCodeForAGpuSaysSo(String line) throws IOException {
    String err = refused(line).err();
    assertTrue(err.contains("computes on the CPU only"), err);
  }

  @Test
  void theProcessorIsTheDefaultAndHasAName() {
    Cli result =
        Cli.run(
            "kmeans",
            "--features",
            folder.resolve("in"),
            "--clusters",
            4,
            "--out",
            folder.resolve("out"),
            "--device",
            "cpu");
    assertEquals(66, result.code(), result.err());
    assertFalse(result.err().contains("--device"), result.err());
    assertEquals(2, Cli.run("demo", "--device", "tpu").code());
  }
}
