package org.duovox.cli;

import static org.duovox.cli.Cli.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.duovox.recipe.StageRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests the whole path, verb by verb, on synthetic tones: rising and falling melodies, which are
/// the classes.
class ChainTest {
  private static final int TAKES = 12;

  @TempDir private Path folder;

  @Test
  void everyVerbOfThePathWorksOnTheOutputOfTheOneBefore() throws IOException {
    TinyRun.needsTheLibrary();
    Path stages = folder.resolve("run/stages");
    Path units = stages.resolve("units-test");
    Path features = features();
    int coarse = quantized(features, 12, units.resolve("contextual"));
    int fine = quantized(features, 6, units.resolve("phonetic"));
    assertEquals(coarse, fine);
    Path corpus = aligned(units, coarse);
    Path run = pretrained(corpus, stages.resolve("pretrain-test-dual"));
    embedded(run, corpus);
    discriminated(features, units.resolve("phonetic"), corpus);
    shownAndExported(run, corpus);
    classified(run, corpus);
    reported(stages);
  }

  private Path features() throws IOException {
    Path manifest = Melodies.write(folder, TAKES);
    Path features = folder.resolve("features");
    Cli result =
        Cli.ok(
            "features", "--encoder", "logmel", "--manifest", manifest, "--out", features, "--json");
    JsonNode json = result.json();
    assertEquals(2 * TAKES, json.path("utterances").asInt());
    assertEquals("broken", json.path("skipped").get(0).path("id").asString());
    assertTrue(result.err().contains("skipped broken: "), result.err());
    assertTrue(json.path("frames").path("logmel").asInt() > 100);
    return features;
  }

  private int quantized(Path features, int clusters, Path out) {
    Path codebook = folder.resolve("codebook-" + clusters + ".safetensors");
    Object[] kmeans = words("kmeans --features", features, "--clusters", clusters);
    JsonNode fit =
        Cli.ok(words(kmeans, "--out", codebook, "--seed 7 --where split=train --json")).json();
    assertEquals(clusters, fit.path("clusters").asInt());
    JsonNode units =
        Cli.ok("quantize", "--features", features, "--codebook", codebook, "--out", out, "--json")
            .json();
    assertEquals(clusters, units.path("codebook").path("codes").asInt());
    assertTrue(units.path("codebook").path("perplexity").asDouble() > 2);
    return units.path("frames").asInt();
  }

  private static Path aligned(Path units, int frames) {
    Path corpus = units.resolve("corpus");
    Path contextual = units.resolve("contextual");
    Path phonetic = units.resolve("phonetic");
    Cli text = TinyRun.align(contextual, phonetic, corpus);
    assertTrue(text.out().contains("frames per token"), text.out());
    String unmerged = "--no-merge-contextual --no-merge-phonetic --json";
    JsonNode plain = TinyRun.align(contextual, phonetic, units.resolve("plain"), unmerged).json();
    assertEquals(frames, plain.path("tokens").asInt(), "nothing merged");
    return corpus;
  }

  private Path pretrained(Path corpus, Path run) throws IOException {
    Path config = folder.resolve("model.yaml");
    Files.writeString(
        config, "model:\n  layers: 1\n  hidden: 16\n  heads: 2\n  feed_forward: 16\n");
    String settings =
        "--set model.phonetic_embedding=8 --set pretrain.steps=4 --set pretrain.report_every=2";
    Object[] pretrain = words("pretrain --corpus", corpus, "--out", run, "--config", config);
    Cli result = Cli.ok(words(pretrain, settings, "--where split=train --json"));
    assertTrue(result.err().contains("s:2 loss:"), result.err());
    assertEquals(4, result.json().path("steps").asInt());
    assertEquals(1, Json.tree(run.resolve("config.json")).path("model").path("layers").asInt());
    return run;
  }

  private void embedded(Path run, Path corpus) throws IOException {
    Path texts = folder.resolve("texts");
    Object[] embed = words("embed --model", run, "--corpus", corpus);
    assertTrue(Cli.ok(words(embed, "--out", texts)).out().contains("16 values"));
    assertTrue(Files.readString(texts.resolve("rise0.txt")).split("\n")[0].split(" ").length == 16);
    Path tensors = folder.resolve("tensors");
    Object[] both = words(embed, "--channel both --layer 1 --format safetensors");
    JsonNode json = Cli.ok(words(both, "--out", tensors, "--json")).json();
    assertEquals(32, json.path("width").asInt());
    Path ninth = folder.resolve("ninth");
    assertEquals(78, Cli.run(words(embed, "--layer 9 --out", ninth)).code());
    Cli again = Cli.run(words(embed, "--out", texts));
    assertEquals(73, again.code(), again.err());
  }

  /// The notes of a melody are phones, told apart in features, units and hidden states.
  private void discriminated(Path features, Path units, Path corpus) throws IOException {
    List<String> items = new ArrayList<>(List.of("#file onset offset #phone prev next speaker"));
    for (int take = 0; take < TAKES; take++) {
      for (int note = 0; note < 4; note++) {
        String times = "%.3f %.3f".formatted(note / 8.0, (note + 1) / 8.0);
        items.add("rise%d %s n%d x x one".formatted(take, times, note));
        items.add("fall%d %s n%d x x two".formatted(take, times, 3 - note));
      }
    }
    Path file = Files.write(folder.resolve("notes.item"), items);
    String name = "/none/across-speaker/any-context";
    JsonNode frames = abx(file, features);
    assertTrue(frames.path("cosine" + name).asDouble(1) < 0.1, frames.toString());
    JsonNode codes = abx(file, units);
    assertEquals(4, codes.size());
    assertTrue(codes.path("identity" + name).asDouble(1) < 0.3, codes.toString());
    Path states = folder.resolve("tensors");
    JsonNode hidden = abx(file, states, "--corpus", corpus, "--distance", "cosine");
    assertEquals(8, hidden.size());
    assertTrue(hidden.path("cosine" + name).asDouble(1) < 0.5, hidden.toString());
    Cli bare = Cli.run("abx", "--features", states, "--items", file);
    assertEquals(2, bare.code());
    assertTrue(bare.err().contains("--corpus"), bare.err());
  }

  private static JsonNode abx(Path items, Path features, Object... more) {
    Object[] abx = words("abx --features", features, "--items", items, more);
    return Cli.ok(words(abx, "--json")).json().path("scores");
  }

  private void shownAndExported(Path run, Path corpus) throws IOException {
    Cli.ok("report", run);
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(
        page.contains("Finished after 4 of 4 steps.") && page.contains("MCP accuracy"), page);
    Path both = folder.resolve("both.html");
    Cli.ok("report", run, run, "--out", both);
    assertTrue(Files.readString(both).contains("2 training runs compared"));
    assertEquals(2, Cli.run("report", run, run).code(), "--out is needed");
    Path hub = folder.resolve("hub");
    assertTrue(Cli.ok("export", "--model", run, "--out", hub).err().isEmpty());
    Cli.ok("embed", "--model", hub, "--corpus", corpus, "--out", folder.resolve("again"));
    assertEquals(2, Cli.run("export", "--model", run, "--format", "npy", "--out", hub).code());
    assertEquals(2, Cli.run("export", "--units", run, "--out", hub).code());
  }

  private void classified(Path run, Path corpus) throws IOException {
    Path classifier = folder.resolve("classifier");
    Object[] train = words("slu train --model", run, "--corpus", corpus, "--label melody");
    String settings = "--mode probe --where split=train --set slu.epochs=2";
    Cli.ok(words(train, settings, "--out", classifier));
    Path predictions = folder.resolve("predictions.jsonl");
    Object[] evaluate = words("slu evaluate --model", classifier, "--corpus", corpus);
    Cli scored = Cli.ok(words(evaluate, "--where split=test --predictions", predictions));
    assertTrue(scored.out().contains("95 % interval"));
    assertEquals(2 * TAKES / 3, Files.readAllLines(predictions).size());
    Cli wrong = Cli.run(words(evaluate, "--where split=tset"));
    assertEquals(65, wrong.code());
    assertTrue(wrong.err().contains("there is test, train"), wrong.err());
    assertEquals(65, Cli.run("slu", "evaluate", "--model", run, "--corpus", corpus).code());
  }

  private void reported(Path stages) throws IOException {
    for (String name : List.of("units-test", "pretrain-test-dual")) {
      Files.writeString(
          stages.resolve(name + ".json"),
          Json.pretty(new StageRecord(name, "key", 1.5, Map.of(), "", Map.of(), Map.of())));
    }
    Results.of("tones", List.of()).write(folder.resolve("run"));
    Cli.ok("report", folder.resolve("run"));
    String page = Files.readString(folder.resolve("run/report.html"));
    for (String part :
        List.of("tones", "pretrain-test-dual", "contextual", "phonetic", "over time")) {
      assertTrue(page.contains(part), part);
    }
  }
}
