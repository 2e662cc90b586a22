package org.duovox.cli;

import static org.duovox.cli.Cli.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests the verbs of `slu` on melodies with two labels, from a corpus and from audio.
class SluVerbsTest {
  private static final String BOTH = "--label melody --label half";

  @TempDir private static Path folder;
  private static Path manifest;
  private static Path corpus;
  private static Path run;
  private static Path probe;

  @BeforeAll
  static void aModelAndAProbe() throws IOException {
    TinyRun.needsTheLibrary();
    manifest = manifest();
    Path features = folder.resolve("features");
    Cli.ok(words("features --encoder logmel --manifest", manifest, "--out", features, "-q"));
    Path contextual = TinyRun.units(features, 8, folder.resolve("contextual"));
    Path phonetic = TinyRun.units(features, 6, folder.resolve("phonetic"));
    corpus = folder.resolve("corpus");
    TinyRun.align(contextual, phonetic, corpus);
    run = TinyRun.model(corpus, folder.resolve("run"));
    probe = folder.resolve("probe");
    Cli trained = Cli.ok(words(onCorpus("probe", run), BOTH, "--where split=train --out", probe));
    assertTrue(
        trained.out().contains("2 classes of 'half', 2 classes of 'melody'")
            || trained.out().contains("2 classes of 'melody', 2 classes of 'half'"),
        trained.out());
    assertTrue(trained.out().contains("weights of the layers: 0: "), trained.out());
  }

  /// The melodies with a speaker and a second label.
  private static Path manifest() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Melodies.write(folder, 12))) {
      int take =
          line.contains("broken")
              ? 0
              : Integer.parseInt(line.replaceAll(".*\"(rise|fall)(\\d+)\",.*", "$2"));
      String more =
          ", \"speaker\": \"s%d\", \"half\": \"%s\"}"
              .formatted(take % 4, take < 6 ? "first" : "second");
      lines.add(line.substring(0, line.length() - 1) + more);
    }
    return Files.write(folder.resolve("labeled.jsonl"), lines);
  }

  private static Object[] onCorpus(String verb, Path model) {
    return words("slu", verb, "--model", model, "--corpus", corpus);
  }

  private static Object[] onAudio(Path model, String... names) {
    Object[] files = Stream.of(names).map(folder::resolve).toArray();
    return words("slu evaluate --model", model, "--audio", files);
  }

  private static int code(Object... parts) {
    return Cli.run(words(parts)).code();
  }

  @Test
  void aProbeIsEvaluatedColumnByColumn() throws IOException {
    Path predictions = folder.resolve("predictions.jsonl");
    Path json = folder.resolve("scores.json");
    Object[] files = {"--predictions", predictions, "--json", json};
    Cli scored = Cli.ok(words(onCorpus("evaluate", probe), "--where split=test", files));
    assertTrue(scored.out().startsWith("exact match "), scored.out());
    assertTrue(scored.out().contains("over speakers and utterances: "), scored.out());
    JsonNode scores = Json.tree(json).path("scores");
    assertEquals(8, scores.path("exact_match").path("utterances").path("n").asInt());
    assertEquals(4, scores.path("exact_match").path("speakers").path("n").asInt());
    assertEquals("melody", scores.path("columns").get(0).path("field").asString());
    assertEquals(4, scores.path("columns").get(0).path("values").path("rise").path("gold").asInt());
    List<String> lines = Files.readAllLines(predictions);
    assertEquals(8, lines.size());
    JsonNode first = Json.parse(lines.getFirst(), JsonNode.class, "line").path("slots").get(1);
    assertEquals("half", first.path("field").asString());
    double sum =
        first.path("probabilities").path("first").asDouble()
            + first.path("probabilities").path("second").asDouble();
    assertEquals(1, sum, 1e-9);
  }

  @Test
  void audioGivesTheScoresOfTheCorpus() {
    Object[] evaluate = words("slu evaluate --model", probe, "--where split=test --json");
    JsonNode units = Cli.ok(words(evaluate, "--corpus", corpus)).json();
    JsonNode audio = Cli.ok(words(evaluate, "--manifest", manifest)).json();
    assertEquals(units.path("scores"), audio.path("scores"));
  }

  @Test
  void audioWithoutLabelsIsPredicted() {
    Object[] three = onAudio(probe, "rise0.wav", "fall3.wav", "broken.wav");
    Cli told = Cli.ok(words(three, "--max-bad-fraction 0.5"));
    assertTrue(
        told.out().matches("(?s)utterance +melody +probability +half +probability.*"), told.out());
    assertTrue(told.out().contains("\nrise0 ") && told.out().contains("\nfall3 "), told.out());
    assertTrue(told.err().contains("skipped broken: "), told.err());
    assertEquals(1, told.err().split("skipped broken", -1).length - 1, "told once");
    JsonNode json = Cli.ok(words(onAudio(probe, "rise0.wav"), "--json")).json();
    JsonNode slot = json.path("answers").get(0).path("slots").get(0);
    assertTrue(slot.path("gold").isNull());
    assertTrue(slot.path("probabilities").path("rise").asDouble() > 0);
  }

  @Test
  void fineTuningOnTwoColumnsHasTheirCombinationsAsClasses() {
    Path slots = folder.resolve("slots");
    String settings = "--where split=train --balance --set slu.epochs=1 --set slu.threads=1";
    JsonNode trained =
        Cli.ok(words(onCorpus("train", run), BOTH, settings, "--out", slots, "--json")).json();
    assertEquals("[\"fall\",\"first\"]", trained.path("labels").get(0).asString());
    assertEquals("melody, half", trained.path("label").asString());
    Cli scored =
        Cli.ok(words("slu evaluate --model", slots, "--manifest", manifest, "--where split=test"));
    assertTrue(scored.out().contains("\nhalf "), scored.out());
    assertTrue(Files.isRegularFile(slots.resolve("frontend/frontend.json")));
  }

  @Test
  void theCurveHasALineForEachNumberOfExamples() {
    Object[] curve = words(onCorpus("curve", run), "--label melody --train split=train");
    String quick = "--shots 1,all --draws 2 --set probe.epochs=1 --set probe.min_steps=5";
    Cli told = Cli.ok(words(curve, "--test split=test", quick));
    assertEquals(8, told.out().lines().count(), told.out());
    assertTrue(told.out().contains("difference"), told.out());
    assertEquals(2, code(curve, "--test split=test --shots few"));
    assertEquals(2, code(curve, "--test split=test --shots 1,1,all"));
    assertEquals(2, code(curve, "--test split=test --speaker voice"));
    Cli empty = Cli.run(words(curve, "--test split=tset"));
    assertEquals(65, empty.code());
    assertTrue(empty.err().contains("there is test, train"), empty.err());
    assertEquals(65, code(curve, "--test split=train"));
  }

  @Test
  void unseenLabelsAreRefusedUnlessTheyMayBeWrong() {
    Path three = folder.resolve("three");
    String seen = "--label speaker --where speaker=s0,s1,s2";
    Cli.ok(words(onCorpus("probe", run), seen, "--out", three));
    Object[] evaluate = onCorpus("evaluate", three);
    Cli refused = Cli.run(evaluate);
    assertEquals(65, refused.code());
    assertTrue(
        refused.err().contains("speaker 's3' does not occur among the training"), refused.err());
    Cli counted = Cli.ok(words(evaluate, "--unseen wrong"));
    assertTrue(
        counted.out().contains("6 utterances with a label that does not occur"), counted.out());
    assertEquals(2, code(evaluate, "--unseen skip"));
  }

  @Test
  void whatIsWrongIsToldBeforeTheWork() {
    assertEquals(2, code("slu evaluate --model", probe));
    assertEquals(2, code(onCorpus("evaluate", probe), "--audio x.wav"));
    Cli blank = Cli.run(words(onCorpus("evaluate", probe), "--absent", Path.of(" ")));
    assertTrue(blank.err().contains("--absent needs the value"), blank.err());
    Cli typo = Cli.ok(words(onCorpus("evaluate", probe), "--absent nowhere"));
    assertTrue(typo.err().contains("--absent: no label is 'nowhere'"), typo.err());
    Cli voice = Cli.run(words(onCorpus("evaluate", probe), "--speaker voice"));
    assertEquals(2, voice.code());
    assertTrue(voice.err().contains("no value in the field 'voice'; it has ["), voice.err());
    assertEquals(66, code("slu evaluate --model", probe, "--audio gone.wav"));
    Cli none = Cli.run(onAudio(run, "rise0.wav"));
    assertEquals(65, none.code());
    assertTrue(none.err().contains("is not a classifier"), none.err());
    Path out = folder.resolve("never");
    Object[] train = words(onCorpus("probe", run), "--out", out);
    Cli bad = Cli.run(words(train, "--label melody --set probe.epoch=3"));
    assertEquals(78, bad.code());
    assertTrue(bad.err().contains("epochs"), bad.err());
    assertEquals(78, code(train, "--label melody --set probe.layers=7"));
    assertEquals(65, code(train, "--label mood"));
    assertFalse(Files.exists(out));
  }

  @Test
  void aProbeWithoutItsFrontendSaysThatItNeedsACorpus() throws IOException {
    Path alone = Files.createDirectories(folder.resolve("alone"));
    for (String file :
        List.of("config.json", "model.safetensors", "probe.json", "probe.safetensors")) {
      Files.copy(probe.resolve(file), alone.resolve(file));
    }
    Cli lost = Cli.run(onAudio(alone, "rise0.wav"));
    assertEquals(66, lost.code());
    assertTrue(lost.err().contains("--corpus"), lost.err());
  }
}
