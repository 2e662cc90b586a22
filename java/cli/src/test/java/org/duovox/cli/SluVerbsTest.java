package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Tests the verbs of `slu` on melodies with two labels, from a corpus and from audio.
class SluVerbsTest {
  private static final Object[] BOTH = {"--label", "melody", "--label", "half"};

  @TempDir private static Path folder;
  private static Path manifest;
  private static Path corpus;
  private static Path run;
  private static Path probe;

  @BeforeAll
  static void aModelAndAProbe() throws IOException {
    String library = System.getProperty("duovox.library", "");
    assumeTrue(
        Files.isRegularFile(Path.of(library)), "the native library is not built: " + library);
    manifest = manifest();
    Path features = folder.resolve("features");
    Cli.ok("features", "--encoder", "logmel", "--manifest", manifest, "--out", features, "-q");
    units(features, 8, "contextual");
    units(features, 6, "phonetic");
    corpus = folder.resolve("corpus");
    Cli.ok(
        "align",
        "--contextual",
        folder.resolve("contextual"),
        "--phonetic",
        folder.resolve("phonetic"),
        "--out",
        corpus);
    run = folder.resolve("run");
    Cli.ok(
        "pretrain",
        "--corpus",
        corpus,
        "--out",
        run,
        "--preset",
        "tiny",
        "--set",
        "model.layers=1",
        "--set",
        "model.hidden=16",
        "--set",
        "model.heads=2",
        "--set",
        "model.feed_forward=16",
        "--set",
        "model.phonetic_embedding=8",
        "--set",
        "pretrain.steps=3",
        "--set",
        "pretrain.threads=1");
    probe = folder.resolve("probe");
    Cli trained =
        with(
            BOTH,
            "slu",
            "probe",
            "--model",
            run,
            "--corpus",
            corpus,
            "--where",
            "split=train",
            "--out",
            probe);
    assertEquals(0, trained.code(), trained.err());
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

  private static void units(Path features, int clusters, String name) {
    Path codebook = folder.resolve(name + ".safetensors");
    Cli.ok(
        "kmeans", "--features", features, "--clusters", clusters, "--out", codebook, "--seed", 1);
    Cli.ok(
        "quantize", "--features", features, "--codebook", codebook, "--out", folder.resolve(name));
  }

  private static Cli with(Object[] more, Object... words) {
    return Cli.run(Stream.of(words, more).flatMap(Arrays::stream).toArray());
  }

  @Test
  void aProbeIsEvaluatedColumnByColumn() throws IOException {
    Path predictions = folder.resolve("predictions.jsonl");
    Path json = folder.resolve("scores.json");
    Cli scored =
        Cli.ok(
            "slu",
            "evaluate",
            "--model",
            probe,
            "--corpus",
            corpus,
            "--where",
            "split=test",
            "--predictions",
            predictions,
            "--json",
            json);
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
    Object[] words = {"slu", "evaluate", "--model", probe, "--where", "split=test", "--json"};
    JsonNode units = with(new Object[] {"--corpus", corpus}, words).json();
    Cli audio = with(new Object[] {"--manifest", manifest}, words);
    assertEquals(0, audio.code(), audio.err());
    assertEquals(units.path("scores"), audio.json().path("scores"));
  }

  @Test
  void audioWithoutLabelsIsPredicted() {
    Cli told =
        Cli.ok(
            "slu",
            "evaluate",
            "--model",
            probe,
            "--max-bad-fraction",
            "0.5",
            "--audio",
            folder.resolve("rise0.wav"),
            folder.resolve("fall3.wav"),
            folder.resolve("broken.wav"));
    assertTrue(
        told.out().matches("(?s)utterance +melody +probability +half +probability.*"), told.out());
    assertTrue(told.out().contains("\nrise0 ") && told.out().contains("\nfall3 "), told.out());
    assertTrue(told.err().contains("skipped broken: "), told.err());
    assertEquals(1, told.err().split("skipped broken", -1).length - 1, "told once");
    JsonNode json =
        Cli.ok(
                "slu",
                "evaluate",
                "--model",
                probe,
                "--audio",
                folder.resolve("rise0.wav"),
                "--json")
            .json();
    JsonNode slot = json.path("answers").get(0).path("slots").get(0);
    assertTrue(slot.path("gold").isNull());
    assertTrue(slot.path("probabilities").path("rise").asDouble() > 0);
  }

  @Test
  void fineTuningOnTwoColumnsHasTheirCombinationsAsClasses() {
    Path slots = folder.resolve("slots");
    Cli trained =
        with(
            BOTH,
            "slu",
            "train",
            "--model",
            run,
            "--corpus",
            corpus,
            "--where",
            "split=train",
            "--balance",
            "--set",
            "slu.epochs=1",
            "--set",
            "slu.threads=1",
            "--out",
            slots,
            "--json");
    assertEquals(0, trained.code(), trained.err());
    assertEquals("[\"fall\",\"first\"]", trained.json().path("labels").get(0).asString());
    assertEquals("melody, half", trained.json().path("label").asString());
    Cli scored =
        Cli.ok(
            "slu", "evaluate", "--model", slots, "--manifest", manifest, "--where", "split=test");
    assertTrue(scored.out().contains("\nhalf "), scored.out());
    assertTrue(Files.isRegularFile(slots.resolve("frontend/frontend.json")));
  }

  @Test
  void theCurveHasALineForEachNumberOfExamples() {
    Cli curve =
        Cli.ok(
            "slu",
            "curve",
            "--model",
            run,
            "--corpus",
            corpus,
            "--label",
            "melody",
            "--train",
            "split=train",
            "--test",
            "split=test",
            "--shots",
            "1,all",
            "--draws",
            "2",
            "--set",
            "probe.epochs=1",
            "--set",
            "probe.min_steps=5");
    assertEquals(8, curve.out().lines().count(), curve.out());
    assertTrue(curve.out().contains("difference"), curve.out());
    assertEquals(
        2,
        Cli.run(
                "slu",
                "curve",
                "--model",
                run,
                "--corpus",
                corpus,
                "--label",
                "melody",
                "--train",
                "split=train",
                "--test",
                "split=test",
                "--shots",
                "few")
            .code());
    Cli empty =
        Cli.run(
            "slu",
            "curve",
            "--model",
            run,
            "--corpus",
            corpus,
            "--label",
            "melody",
            "--train",
            "split=train",
            "--test",
            "split=tset");
    assertEquals(65, empty.code());
    assertTrue(empty.err().contains("there is test, train"), empty.err());
    Cli same =
        Cli.run(
            "slu",
            "curve",
            "--model",
            run,
            "--corpus",
            corpus,
            "--label",
            "melody",
            "--train",
            "split=train",
            "--test",
            "split=train");
    assertEquals(65, same.code());
  }

  @Test
  void unseenLabelsAreRefusedUnlessTheyMayBeWrong() {
    Path rising = folder.resolve("rising");
    Cli trained =
        Cli.run(
            "slu",
            "probe",
            "--model",
            run,
            "--corpus",
            corpus,
            "--label",
            "speaker",
            "--where",
            "speaker=s0,s1,s2",
            "--out",
            rising);
    assertEquals(0, trained.code(), trained.err());
    Object[] words = {"slu", "evaluate", "--model", rising, "--corpus", corpus};
    Cli refused = Cli.run(words);
    assertEquals(65, refused.code());
    assertTrue(
        refused.err().contains("speaker 's3' does not occur among the training"), refused.err());
    Cli counted = with(new Object[] {"--unseen", "wrong"}, words);
    assertEquals(0, counted.code(), counted.err());
    assertTrue(
        counted.out().contains("6 utterances with a label that does not occur"), counted.out());
    assertEquals(2, with(new Object[] {"--unseen", "skip"}, words).code());
  }

  @Test
  void whatIsWrongIsToldBeforeTheWork() throws IOException {
    assertEquals(2, Cli.run("slu", "evaluate", "--model", probe).code());
    assertEquals(
        2,
        Cli.run("slu", "evaluate", "--model", probe, "--corpus", corpus, "--audio", "x.wav")
            .code());
    assertEquals(66, Cli.run("slu", "evaluate", "--model", probe, "--audio", "gone.wav").code());
    Cli none = Cli.run("slu", "evaluate", "--model", run, "--audio", folder.resolve("rise0.wav"));
    assertEquals(65, none.code());
    assertTrue(none.err().contains("is not a classifier"), none.err());
    Path out = folder.resolve("never");
    Cli bad =
        Cli.run(
            "slu",
            "probe",
            "--model",
            run,
            "--corpus",
            corpus,
            "--label",
            "melody",
            "--set",
            "probe.epoch=3",
            "--out",
            out);
    assertEquals(78, bad.code());
    assertTrue(bad.err().contains("epochs"), bad.err());
    assertEquals(
        78,
        Cli.run(
                "slu",
                "probe",
                "--model",
                run,
                "--corpus",
                corpus,
                "--label",
                "melody",
                "--set",
                "probe.layers=7",
                "--out",
                out)
            .code());
    assertEquals(
        65,
        Cli.run("slu", "probe", "--model", run, "--corpus", corpus, "--label", "mood", "--out", out)
            .code());
    assertFalse(Files.exists(out));
    Path alone = Files.createDirectories(folder.resolve("alone"));
    for (String file :
        List.of("config.json", "model.safetensors", "probe.json", "probe.safetensors")) {
      Files.copy(probe.resolve(file), alone.resolve(file));
    }
    Cli lost = Cli.run("slu", "evaluate", "--model", alone, "--audio", folder.resolve("rise0.wav"));
    assertEquals(66, lost.code());
    assertTrue(lost.err().contains("--corpus"), lost.err());
  }
}
