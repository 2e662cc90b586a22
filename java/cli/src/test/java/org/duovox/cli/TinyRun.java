package org.duovox.cli;

import static org.duovox.cli.Cli.words;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The steps from features to a pretrained model by their verbs, as small as they can be, for tests
/// of the verbs that come after.
final class TinyRun {
  private static final String SIZE =
      """
      --preset tiny --set model.layers=1 --set model.hidden=16 --set model.heads=2
      --set model.feed_forward=16 --set model.phonetic_embedding=8
      --set pretrain.steps=3 --set pretrain.threads=1
      """;

  private TinyRun() {}

  /// Skips the test where the native library is not built, without which nothing is trained.
  static void needsTheLibrary() {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
  }

  /// Fits a codebook of so many clusters and writes the units that it gives.
  static Path units(Path features, int clusters, Path out) {
    Path codebook = out.resolveSibling(out.getFileName() + ".safetensors");
    Cli.ok(
        words(
            "kmeans --features", features, "--clusters", clusters, "--out", codebook, "--seed 1"));
    Cli.ok(words("quantize --features", features, "--codebook", codebook, "--out", out));
    return out;
  }

  /// Aligns two sets of units to a corpus.
  static Cli align(Path contextual, Path phonetic, Path out, Object... more) {
    return Cli.ok(
        words("align --contextual", contextual, "--phonetic", phonetic, "--out", out, more));
  }

  /// Pretrains a model of one layer for three steps.
  static Path model(Path corpus, Path out, Object... more) {
    Cli.ok(words("pretrain --corpus", corpus, "--out", out, SIZE, more));
    return out;
  }
}
