package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Masks and crops on the command line, from the receptive field of an encoder to what a training
/// says of its targets.
class MaskingTest {
  private static final String KEY = "receptive_field_ms";

  @TempDir private Path folder;

  @Test
  void theReceptiveFieldGoesFromTheEncoderToTheTraining() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    Cli list = Cli.ok("features", "--encoder", "logmel", "--list");
    assertTrue(list.out().contains("every 10.0 ms from 12.5 ms, sees 25 ms"), list.out());
    Path corpus = corpus();
    JsonNode features = Json.tree(folder.resolve("features/manifest.json"));
    assertEquals(25, features.path("layers").get(0).path(KEY).asDouble());
    assertEquals(25, Json.tree(folder.resolve("units/manifest.json")).path(KEY).asDouble());
    JsonNode manifest = Json.tree(corpus.resolve("manifest.json"));
    for (String stream : List.of("contextual", "phonetic")) {
      assertEquals(25, manifest.path(stream).path("features").path(KEY).asDouble(), stream);
    }
    tokensAreInSight(corpus);
    longSpansAreNot(corpus);
    olderCorporaStaySilent(corpus);
    impossible(corpus);
  }

  private void tokensAreInSight(Path corpus) {
    Cli seen = pretrain(corpus, "tokens");
    assertEquals(0, seen.code(), seen.err());
    assertTrue(seen.err().contains("truly hidden are "), seen.err());
    assertTrue(seen.err().contains("(a frame of logmel logmel sees 25 ms;"), seen.err());
    assertTrue(
        seen.err().contains("duovox: warning: most targets are in plain sight: "), seen.err());
    JsonNode shares = Json.tree(folder.resolve("tokens/masking.json"));
    assertTrue(shares.path("hidden").asInt() < 0.5 * shares.path("targets").asInt());
    assertEquals(0, shares.path("phonetic_masked").asInt());
  }

  private void longSpansAreNot(Path corpus) {
    Cli hidden =
        pretrain(
            corpus,
            "spans",
            "masking.span_ms=200",
            "masking.probability=0.5",
            "masking.keep=0",
            "masking.phonetic=margin",
            "crop_tokens=40");
    assertEquals(0, hidden.code(), hidden.err());
    assertFalse(hidden.err().contains("in plain sight"), hidden.err());
    JsonNode shares = Json.tree(folder.resolve("spans/masking.json"));
    int targets = shares.path("targets").asInt();
    assertEquals(targets, shares.path("phonetic_hidden").asInt());
    assertTrue(shares.path("hidden").asInt() > 0.8 * targets, shares.toString());
    JsonNode settings = Json.tree(folder.resolve("spans/train.json")).path("pretrain");
    assertEquals(40, settings.path("crop_tokens").asInt());
    Cli islands = pretrain(corpus, "islands", "masking.inverse=true", "masking.span_length=4");
    assertEquals(0, islands.code(), islands.err());
  }

  /// A corpus of an earlier version says nothing of receptive fields.
  private void olderCorporaStaySilent(Path corpus) throws IOException {
    Path manifest = corpus.resolve("manifest.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceAll(",\\s*\"" + KEY + "\" : 25.0", ""));
    assertFalse(Files.readString(manifest).contains(KEY));
    Cli older = pretrain(corpus, "older");
    assertEquals(0, older.code(), older.err());
    assertFalse(older.err().contains("truly hidden"), older.err());
    Cli margin = pretrain(corpus, "margin", "masking.phonetic=margin");
    assertEquals(78, margin.code(), margin.err());
    assertTrue(margin.err().contains("make features, units and corpus again"), margin.err());
  }

  private void impossible(Path corpus) {
    Cli both = pretrain(corpus, "both", "masking.span_ms=200", "masking.span_length=3");
    assertEquals(78, both.code(), both.err());
    assertTrue(both.err().contains("span_ms and span_length"), both.err());
    Cli misspelt = pretrain(corpus, "misspelt", "masking.phonetic=margins");
    assertEquals(78, misspelt.code(), misspelt.err());
    assertTrue(misspelt.err().contains("did you mean 'margin'?"), misspelt.err());
  }

  private Path corpus() throws IOException {
    Path manifest = Melodies.write(folder, 4);
    Path features = folder.resolve("features");
    Path codebook = folder.resolve("codebook.safetensors");
    Path units = folder.resolve("units");
    Path corpus = folder.resolve("corpus");
    Cli.ok(
        "features",
        "--encoder",
        "logmel",
        "--manifest",
        manifest,
        "--max-bad-fraction",
        0.5,
        "--out",
        features);
    Cli.ok("kmeans", "--features", features, "--clusters", 12, "--out", codebook, "--seed", 7);
    Cli.ok("quantize", "--features", features, "--codebook", codebook, "--out", units);
    Cli.ok("align", "--contextual", units, "--phonetic", units, "--out", corpus);
    return corpus;
  }

  private Cli pretrain(Path corpus, String name, String... settings) {
    List<Object> words =
        new ArrayList<>(
            List.of("pretrain", "--corpus", corpus, "--out", folder.resolve(name), "--set"));
    words.add("model.layers=1");
    List<String> all =
        new ArrayList<>(List.of("model.hidden=16", "model.heads=2", "model.feed_forward=16"));
    all.add("model.phonetic_embedding=8");
    all.add("pretrain.steps=2");
    List.of(settings).forEach(setting -> all.add("pretrain." + setting));
    all.forEach(setting -> words.addAll(List.of("--set", setting)));
    return Cli.run(words.toArray());
  }
}
