package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Tests that repeating a command reuses its output without work, and that a different command is
/// refused and changes nothing of the output.
class ReuseTest extends OutputTesting {
  @Test
  void featuresAreReusedRefusedOrReplaced() throws IOException {
    Path low = tones("low", 300);
    Path high = tones("high", 400);
    Path out = folder.resolve("features");
    features(low, out);
    Map<String, String> before = contents(out);
    Cli again = Cli.ok("features", "--encoder", "logmel", "--manifest", low, "--out", out);
    assertTrue(again.out().contains("it was there already"), again.out());
    refused(
        "features of logmel", "features", "--encoder", "logmel", "--manifest", high, "--out", out);
    refused("mfcc", "features", "--encoder", "mfcc", "--manifest", low, "--out", out);
    assertEquals(before, contents(out));
    Cli.ok("features", "--encoder", "logmel", "--manifest", high, "--out", out, "--replace");
    assertTrue(!before.equals(contents(out)));
  }

  @Test
  void featuresWithOtherFieldsOrFewerFilesAreOthers() throws IOException {
    Path audio = tones("audio", 300);
    Path first = lines("first.jsonl", "red");
    Path second = lines("second.jsonl", "blue");
    Path out = folder.resolve("features");
    features(first, out);
    refused("other fields", "features", "--encoder", "logmel", "--manifest", second, "--out", out);
    refused("utterances", "features", "--encoder", "logmel", "--out", out, audio.resolve("0.wav"));
    // The same samples in files of other names and later times.
    tones("audio", 300);
    assertEquals(
        true,
        Cli.ok("features", "--encoder", "logmel", "--manifest", first, "--out", out, "--json")
            .json()
            .path("verified")
            .asBoolean());
  }

  @Test
  void whatWasMadeInBatchesIsNotTakenForWhatWasNot() throws IOException {
    Path audio = tones("audio", 300);
    Path out = folder.resolve("features");
    Object[] command = {"features", "--encoder", "logmel", "--manifest", audio, "--out", out};
    Cli.ok(with(command, "--batch-seconds", 3, "-q"));
    assertTrue(Files.readString(out.resolve("manifest.json")).contains("\"batch_seconds\" : 3.0"));
    refused("--batch-seconds 3.0 against 0.0", command);
    Path codebook = folder.resolve("codebook.safetensors");
    Object[] kmeans = {"kmeans", "--features", out, "--clusters", 4, "--out", codebook};
    Cli.ok(kmeans);
    Path units = folder.resolve("units");
    Object[] direct = {
      "quantize", "--encoder", "logmel", "--codebook", "logmel=" + codebook, "--out", units
    };
    Cli.ok(with(direct, "--manifest", audio, "--batch-seconds", 3, "-q"));
    refused("--batch-seconds 3.0 against 0.0", with(direct, "--manifest", audio, "-q"));
    Cli.ok(with(command, "--replace"));
    refused("fitted on other audio, or by other settings", kmeans);
  }

  private Path lines(String name, String color) throws IOException {
    return Files.write(
        folder.resolve(name),
        Stream.of("0", "1")
            .map(id ->
                "{\"id\": \"%s\", \"audio\": \"audio/%s.wav\", \"color\": \"%s\"}"
                    .formatted(id, id, color))
            .toList());
  }

  @Test
  void filesThatCouldNotBeUsedMustBeSoStill() throws IOException {
    Path audio = tones("audio", 300);
    Files.writeString(audio.resolve("broken.wav"), "no audio");
    Path out = folder.resolve("features");
    Object[] command = {
      "features", "--encoder", "logmel", "--manifest", audio, "--out", out, "--max-bad-fraction", 1
    };
    Cli.ok(command);
    assertTrue(Cli.ok(command).out().contains("it was there already"));
    Files.copy(
        audio.resolve("0.wav"), audio.resolve("broken.wav"), StandardCopyOption.REPLACE_EXISTING);
    refused("the audio of broken", command);
  }

  @Test
  void everyStepFromFeaturesToACorpusIsReusedOrRefused() throws IOException {
    Path low = features(tones("low", 300), folder.resolve("low-features"));
    Path high = features(tones("high", 400), folder.resolve("high-features"));
    Path codebook = folder.resolve("codebook.safetensors");
    Object[] kmeans = {"kmeans", "--features", low, "--clusters", 4, "--out", codebook};
    reusedThenRefused(
        codebook,
        kmeans,
        "a codebook of 4 clusters",
        "kmeans",
        "--features",
        high,
        "--clusters",
        4,
        "--out",
        codebook);
    refused("seed 0 against 1", with(kmeans, "--seed", 1));
    refused("clusters 4 against 5", with(kmeans, "--clusters", 5));
    refused("settings", with(kmeans, "--epochs", 3));
    Path units = folder.resolve("units");
    reusedThenRefused(
        units,
        new Object[] {"quantize", "--features", low, "--codebook", codebook, "--out", units},
        "a unit set of logmel",
        "quantize",
        "--features",
        high,
        "--codebook",
        codebook,
        "--out",
        units);
    Path corpus = folder.resolve("corpus");
    Object[] align = {"align", "--contextual", units, "--phonetic", units, "--out", corpus};
    reusedThenRefused(corpus, align, "a corpus of logmel", with(align, "--no-merge-phonetic"));
  }

  @Test
  void residualCodebooksAreReusedToo() throws IOException {
    Path features = features(tones("low", 300), folder.resolve("features"));
    Path out = folder.resolve("residual.safetensors");
    Object[] kmeans = {
      "kmeans", "--features", features, "--clusters", 3, "--levels", 2, "--out", out
    };
    Object[] groups = kmeans.clone();
    groups[5] = "--groups";
    reusedThenRefused(out, kmeans, "residual k-means against product k-means", groups);
  }

  @Test
  void mergedPartsAreReusedOrRefused() throws IOException {
    Path low = tones("low", 300);
    Path parts = folder.resolve("parts");
    for (int i = 0; i < 2; i++) {
      Cli.ok(
          "features",
          "--encoder",
          "logmel",
          "--manifest",
          low,
          "--out",
          parts,
          "--shard",
          i + "/2");
    }
    Path out = folder.resolve("merged");
    Path others = folder.resolve("other-parts");
    Cli.ok(
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        tones("high", 400),
        "--out",
        others,
        "--shard",
        "0/1");
    reusedThenRefused(
        out,
        new Object[] {"merge", parts, "--out", out},
        "features of logmel",
        "merge",
        others,
        "--out",
        out);
    // A shard of another manifest is made again with --replace.
    Cli.ok(
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        low,
        "--out",
        others,
        "--shard",
        "0/1",
        "--replace");
  }

  @Test
  void unitsStraightFromAudioAreReusedOrRefused() throws IOException {
    Path low = tones("low", 300);
    Path features = features(low, folder.resolve("features"));
    Path codebook = folder.resolve("codebook.safetensors");
    Cli.ok("kmeans", "--features", features, "--clusters", 4, "--out", codebook);
    Path units = folder.resolve("units");
    Object[] quantize = {
      "quantize",
      "--encoder",
      "logmel",
      "--codebook",
      "logmel=" + codebook,
      "--out",
      units,
      "--manifest",
      low
    };
    Object[] other = quantize.clone();
    other[8] = tones("high", 400);
    reusedThenRefused(units, quantize, "is another", other);
  }
}
