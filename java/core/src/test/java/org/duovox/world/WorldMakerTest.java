package org.duovox.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.eval.SsimiData;
import org.duovox.io.Csv;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.world.WorldMaker.Summary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class WorldMakerTest {
  private static final int FILES = 20 + 16 * 2 + 16;

  @TempDir private Path folder;

  private FakeSpeech speech;

  @BeforeEach
  void install() throws IOException {
    speech = new FakeSpeech(folder.resolve("fake"));
  }

  private static SpeechListener stopAfter(long files) {
    return new SpeechListener() {
      @Override
      public void planned(Forecast forecast) {}

      @Override
      public void spoken(long done, long total) {
        if (done >= files) {
          throw new CancellationException("stop");
        }
      }
    };
  }

  private WorldConfig config(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "world.utterances=20",
                "world.classes=2",
                "world.words=8",
                "test.tokens=1",
                "intents.utterances=0",
                "speech.voices=[command:a@en, command:b@en]",
                "speech.command=\"" + speech.command() + "\""));
    settings.addAll(List.of(more));
    return Worlds.config(settings.toArray(String[]::new));
  }

  private Summary make(Path out, String... settings) {
    return new WorldMaker(config(settings)).make(out, false, 2, stopAfter(Long.MAX_VALUE));
  }

  private static TreeMap<String, String> hashes(Path out) throws IOException {
    TreeMap<String, String> hashes = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(out)) {
      walk.filter(Files::isRegularFile)
          .forEach(file -> hashes.put(out.relativize(file).toString(), Hashes.sha256(file)));
    }
    return hashes;
  }

  @Test
  void trainIsAManifestWithWordsAndTimes() throws IOException {
    Path out = folder.resolve("world");
    Summary summary = make(out);
    assertEquals(FILES, summary.files());
    assertEquals(16, summary.words());
    Manifest manifest = Manifest.read(out.resolve("train/manifest.jsonl"));
    assertEquals(20, manifest.size());
    List<String> lines = Files.readAllLines(out.resolve("train.jsonl"));
    JsonNode vocabulary = Json.tree(out.resolve(WorldMaker.RECORD)).path("vocabulary");
    double seconds = 0;
    for (int i = 0; i < 20; i++) {
      Utterance utterance = manifest.utterances().get(i);
      Audio audio = AudioLoader.standard().load(utterance);
      seconds += audio.seconds();
      assertEquals(audio.samples().length + "", utterance.fields().get("samples"));
      assertEquals("command:" + (i % 2 == 0 ? "a" : "b"), utterance.fields().get("voice"));
      assertEquals("en", utterance.fields().get("language"));
      assertEquals("train", utterance.fields().get("split"));
      checkWords(utterance, Json.parse(lines.get(i), JsonNode.class, "line"), vocabulary);
    }
    assertEquals(seconds / 3600, summary.hours(), 1e-9);
  }

  private static void checkWords(Utterance utterance, JsonNode line, JsonNode vocabulary) {
    String[] tokens = utterance.fields().get("text").split(" ");
    JsonNode words = Json.parse(utterance.fields().get("words"), JsonNode.class, "words");
    assertEquals(tokens.length, words.size());
    assertEquals(utterance.id(), line.path("id").asString());
    for (int k = 0; k < tokens.length; k++) {
      JsonNode word = words.get(k);
      assertEquals(tokens[k].replaceAll("[.,]$", ""), word.path("word").asString());
      assertEquals(word.path("id").asInt(), line.path("ids").get(k).asInt());
      JsonNode entry = vocabulary.get(word.path("id").asInt());
      assertEquals(word.path("word").asString(), entry.path("word").asString());
      assertEquals(word.has("class"), !entry.path("class").isNull());
      if (word.has("start")) {
        double length = word.path("end").asDouble() - word.path("start").asDouble();
        assertEquals(FakeSpeech.BURST, length, 0.021);
      }
    }
  }

  @Test
  void testSetsAreThoseOfZeroSpeech() {
    Path out = folder.resolve("world");
    make(out);
    for (String set : List.of("dev", "test")) {
      Path semantic = out.resolve("semantic").resolve(set);
      SsimiData data = SsimiData.read(semantic.resolve("gold.csv"), semantic.resolve("pairs.csv"));
      int words = set.equals("dev") ? 4 : 12;
      assertEquals(words * 3, data.tokens().size(), "two voices, one cut");
      assertEquals(4 * words * (words - 1) / 2, data.pairs().size(), "two types, two datasets");
      for (SsimiData.Token token : data.tokens()) {
        Path file = semantic.resolve(token.label() + ".wav");
        double seconds = AudioLoader.standard().load(file).seconds();
        boolean cut = token.type().equals("librispeech");
        double whole = FakeSpeech.BURST + 2 * FakeSpeech.SILENCE;
        assertEquals(cut ? FakeSpeech.BURST : whole, seconds, 0.021, token.label());
      }
      for (SsimiData.Pair pair : data.pairs()) {
        assertTrue(pair.human() >= 0 && pair.human() <= 10.000001, pair + "");
      }
    }
  }

  @Test
  void intentsAreThoseOfFluentSpeechCommands() throws IOException {
    Path out = folder.resolve("world");
    make(
        out, "intents.utterances=310", "intents.speakers=3", "world.utterances=1", "test.tokens=0");
    int rows = 0;
    for (String split : List.of("train", "valid", "test")) {
      Csv csv = Csv.read(out.resolve("intents/data/%s_data.csv".formatted(split)));
      assertEquals(
          List.of("", "path", "speakerId", "transcription", "action", "object", "location"),
          csv.header());
      for (int i = 0; i < csv.rows().size(); i++) {
        List<String> cells = csv.rows().get(i).cells();
        assertEquals(i + "", cells.getFirst());
        assertTrue(cells.get(1).startsWith("wavs/speakers/" + cells.get(2) + "/"), cells + "");
        assertTrue(Files.isRegularFile(out.resolve("intents").resolve(cells.get(1))), cells + "");
      }
      rows += csv.rows().size();
    }
    assertEquals(310, rows);
  }

  @Test
  void theSameSettingsGiveTheSameBytes() throws IOException {
    make(folder.resolve("one"), "speech.rate_variation=0.1", "speech.pitch_variation=0.1");
    WorldMaker again =
        new WorldMaker(config("speech.rate_variation=0.1", "speech.pitch_variation=0.1"));
    again.make(folder.resolve("two"), false, 1, stopAfter(Long.MAX_VALUE));
    assertEquals(hashes(folder.resolve("one")), hashes(folder.resolve("two")));
  }

  @Test
  void aStoppedWorldGoesOnWithoutSpeakingAgain() throws IOException {
    Path out = folder.resolve("world");
    WorldMaker maker = new WorldMaker(config());
    assertThrows(CancellationException.class, () -> maker.make(out, false, 2, stopAfter(10)));
    assertFalse(Files.exists(out.resolve(WorldMaker.RECORD)));
    int kept = Files.readAllLines(out.resolve(".spoken.jsonl")).size();
    assertTrue(kept >= 10 && kept < FILES, kept + "");
    int before = speech.texts().size();
    long[] found = new long[1];
    maker.make(
        out,
        false,
        2,
        new SpeechListener() {
          @Override
          public void planned(Forecast forecast) {
            found[0] = forecast.found();
          }

          @Override
          public void spoken(long done, long total) {}
        });
    assertEquals(kept, found[0]);
    int probes = 8; // The forecast speaks four texts of each voice.
    assertEquals(FILES - kept + probes, speech.texts().size() - before);
    make(folder.resolve("whole"));
    assertEquals(hashes(folder.resolve("whole")), hashes(out));
    assertTrue(make(out).reused());
  }

  /// What a killed machine leaves: the end of the journal and of a file are missing.
  @Test
  void whatIsTornIsSpokenAgain() throws IOException {
    Path out = folder.resolve("world");
    WorldMaker maker = new WorldMaker(config());
    assertThrows(CancellationException.class, () -> maker.make(out, false, 1, stopAfter(10)));
    Path journal = out.resolve(".spoken.jsonl");
    List<String> lines = Files.readAllLines(journal);
    Files.writeString(journal, Files.readString(journal) + lines.getFirst().substring(0, 9));
    World world = World.of(config());
    Path torn = out.resolve(new WorldPlan(world, new IntentSet(world)).job(3).file());
    assertTrue(Files.size(torn) > 50);
    Files.write(torn, new byte[50]);
    make(out);
    make(folder.resolve("whole"));
    assertEquals(hashes(folder.resolve("whole")), hashes(out));
  }

  @Test
  void aFolderOfOtherSettingsOrThingsIsLeftAlone() throws IOException {
    Path out = folder.resolve("world");
    make(out);
    DuovoxException other = assertThrows(DuovoxException.class, () -> make(out, "world.seed=2"));
    assertEquals(Kind.CANNOT_CREATE, other.kind());
    assertTrue(
        other.getMessage().contains("config.world.seed was 1 and is 2 now"), other.getMessage());
    new WorldMaker(config("world.seed=2")).make(out, true, 2, stopAfter(Long.MAX_VALUE));
    make(folder.resolve("two"), "world.seed=2");
    assertEquals(hashes(folder.resolve("two")), hashes(out));
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("mine.txt"), "x");
    for (boolean replace : new boolean[] {false, true}) {
      DuovoxException e =
          assertThrows(
              DuovoxException.class,
              () -> new WorldMaker(config()).make(foreign, replace, 1, stopAfter(1)));
      assertTrue(e.getMessage().contains("holds mine.txt"), e.getMessage());
    }
  }

  @Test
  void whatFailedBeforeItSpokeIsNotInTheWay() throws IOException {
    Path out = folder.resolve("world");
    String command = speech.command();
    speech = new FakeSpeech(folder.resolve("fake"), "exit 7");
    assertThrows(DuovoxException.class, () -> make(out));
    assertTrue(Files.exists(out.resolve(SpeechFolder.SETTINGS)));
    speech = new FakeSpeech(folder.resolve("fake"));
    assertEquals(command, speech.command());
    assertFalse(make(out, "world.seed=2").reused());
  }

  @Test
  void twoCommandsCannotFillOneFolder() {
    Path out = folder.resolve("world");
    World world = World.of(config());
    WorldPlan plan = new WorldPlan(world, new IntentSet(world));
    WorldMaker maker = new WorldMaker(config());
    assertThrows(CancellationException.class, () -> maker.make(out, false, 1, stopAfter(1)));
    JsonNode settings = Json.tree(out.resolve(SpeechFolder.SETTINGS));
    SpeechFolder held = SpeechFolder.open(out, settings, plan);
    for (boolean replace : new boolean[] {false, true}) {
      DuovoxException e =
          assertThrows(
              DuovoxException.class, () -> maker.make(out, replace, 1, stopAfter(Long.MAX_VALUE)));
      assertEquals(Kind.RETRY, e.kind());
    }
    held.close();
    make(out);
  }

  @Test
  void aProgramThatFailsInTheMiddleEndsEverything() throws IOException {
    speech =
        new FakeSpeech(
            folder.resolve("fake"),
            "[ -e \"$here/texts\" ] && [ \"$(wc -l < \"$here/texts\")\" -gt 20 ] && exit 7");
    Path out = folder.resolve("world");
    DuovoxException e = assertThrows(DuovoxException.class, () -> make(out));
    assertEquals(Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("status 7"), e.getMessage());
    assertFalse(Files.exists(out.resolve(".work")));
    speech = new FakeSpeech(folder.resolve("fake"));
    make(out);
  }

  @Test
  void aWordThatCannotBeFoundIsToldWithWhatToDo() throws IOException {
    speech = new FakeSpeech(folder.resolve("fake"), "set -- \"dog\" \"$2\"");
    DuovoxException e = assertThrows(DuovoxException.class, () -> make(folder.resolve("world")));
    assertTrue(e.getMessage().contains("cannot tell where '"), e.getMessage());
    assertTrue(e.getMessage().contains("test.tokens=0"), e.getMessage());
  }

  @Test
  void noiseHasTheRatioOfTheSettings() {
    make(folder.resolve("clean"), "test.tokens=0");
    make(folder.resolve("noisy"), "test.tokens=0", "speech.snr=10");
    Path name = Path.of("train").resolve(WorldPlan.path(0));
    float[] clean = AudioLoader.standard().load(folder.resolve("clean").resolve(name)).samples();
    float[] noisy = AudioLoader.standard().load(folder.resolve("noisy").resolve(name)).samples();
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < clean.length; i++) {
      signal += clean[i] * clean[i];
      noise += (noisy[i] - clean[i]) * (noisy[i] - clean[i]);
    }
    assertEquals(10, 10 * Math.log10(signal / noise), 0.1);
  }

  @Test
  void pausesAreMadeLonger() {
    make(folder.resolve("short"), "test.tokens=0", "speech.pause_ms=0");
    make(folder.resolve("long"), "test.tokens=0", "speech.pause_ms=250");
    for (int i = 0; i < 20; i++) {
      Path name = Path.of("train").resolve(WorldPlan.path(i));
      World world = World.of(config());
      String text = new WorldPlan(world, new IntentSet(world)).train(i).sentence().text();
      int pauses = text.replaceAll("[.,]$", "").replaceAll("[^.,]", "").length();
      double before = AudioLoader.standard().load(folder.resolve("short").resolve(name)).seconds();
      double after = AudioLoader.standard().load(folder.resolve("long").resolve(name)).seconds();
      assertEquals(before + 0.25 * pauses, after, 1e-3, text);
    }
  }
}
