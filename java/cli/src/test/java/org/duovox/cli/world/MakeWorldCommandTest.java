package org.duovox.cli.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.audio.Audio;
import org.duovox.audio.PcmWav;
import org.duovox.cli.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class MakeWorldCommandTest {
  private static final int FILES = 10 + 16;

  @TempDir private Path folder;

  private Path out;

  @BeforeEach
  void installASpeechProgram() throws IOException {
    out = folder.resolve("out");
    float[] samples = new float[8000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(i / 8.0));
    }
    Files.write(folder.resolve("speech.wav"), PcmWav.bytes(new Audio(samples, 16_000)));
    Files.writeString(
        folder.resolve("speech.sh"),
        "echo \"$1\" >> \"${0%/*}/texts\"; cp \"${0%/*}/speech.wav\" \"$2\"\n");
  }

  private String command() {
    return "/bin/sh " + folder.resolve("speech.sh") + " {text} {out}";
  }

  private Cli make(String... more) {
    List<Object> words = new ArrayList<>(List.of("make-world", "--out", out));
    List<String> settings =
        List.of(
            "world.utterances=10",
            "world.classes=2",
            "world.words=8",
            "test.tokens=0",
            "intents.utterances=0",
            "speech.voices=[command:a@en]",
            "speech.command=" + command());
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  @Test
  void makesAWorldAndThenReusesIt() {
    Cli made = make("--jobs", "2");
    assertEquals(0, made.code(), made.err());
    assertTrue(made.out().contains("wrote " + out + ": 10 utterances of train"), made.out());
    assertTrue(made.out().contains("16 words in 2 classes of en; 4 words in dev, 12 in test"));
    assertTrue(made.err().contains("make-world: %d files, about ".formatted(FILES)), made.err());
    assertTrue(made.err().contains("of disk; speaking will take about "), made.err());
    JsonNode again = make("--json").json();
    assertTrue(again.path("world").path("reused").asBoolean());
    assertEquals(0, again.path("spoken").asInt());
    assertEquals(FILES, again.path("world").path("files").asInt());
  }

  @Test
  void otherSettingsNeedReplace() {
    assertEquals(0, make().code());
    Cli refused = make("--set", "world.seed=7");
    assertEquals(73, refused.code());
    assertTrue(refused.err().contains("config.world.seed was 1 and is 7 now"), refused.err());
    assertEquals(0, make("--set", "world.seed=7", "--replace").code());
  }

  @Test
  void settingsAreCheckedBeforeAnythingIsSpoken() throws IOException {
    Path file = Files.writeString(folder.resolve("w.yaml"), "world:\n  utterance: 3\n");
    Cli misspelt = make("--config", file.toString());
    assertEquals(78, misspelt.code());
    assertTrue(misspelt.err().contains("w.yaml:2:3: unknown key 'utterance'"), misspelt.err());
    assertTrue(misspelt.err().contains("did you mean 'utterances'?"), misspelt.err());
    Cli huge = make("--set", "world.utterances=2000000000");
    assertEquals(78, huge.code(), huge.err());
    assertTrue(huge.err().contains("'utterances' must be from 1 to 10000000"), huge.err());
    assertFalse(Files.exists(out), "nothing is written");
    Cli small = make("--set", "world.classes=1");
    assertEquals(78, small.code());
    assertTrue(small.err().contains("--set world.classes: 'classes' must be at least 2"));
    assertEquals(2, make("--jobs", "-1").code());
    assertEquals(78, make("--set", "speech.voices=[nobody]").code());
    assertFalse(Files.exists(out));
  }

  /// Whether flite is there or not, it has no such voice.
  @Test
  void aVoiceOrAProgramThatIsNotThere() {
    Cli voice = make("--set", "speech.voices=[flite:nobody]", "--set", "speech.command=''");
    assertEquals(69, voice.code());
    assertTrue(voice.err().contains("flite"), voice.err());
    Cli program = make("--set", "speech.command=/no/such/program {text} {out}");
    assertEquals(69, program.code());
    assertTrue(program.err().contains("cannot start /no/such/program"), program.err());
    assertFalse(Files.exists(out.resolve("world.json")));
  }

  @Test
  void aPlaceThatCannotBeWritten() throws IOException {
    Files.writeString(folder.resolve("file"), "x");
    out = folder.resolve("file/world");
    Cli below = make();
    assertEquals(73, below.code(), below.err());
    out = folder.resolve("file");
    assertEquals(73, make().code());
    out = folder;
    Cli foreign = make();
    assertEquals(73, foreign.code());
    assertTrue(foreign.err().contains("choose an empty or a new folder"), foreign.err());
  }

  @Test
  void aProgramThatHangsIsGivenUp() throws IOException {
    Files.writeString(folder.resolve("speech.sh"), "sleep 1000\n");
    Cli hung = make("--set", "speech.timeout_seconds=1");
    assertEquals(69, hung.code());
    assertTrue(hung.err().contains("did not end within 1 s"), hung.err());
  }

  @Test
  void makesASetOfWordPairs() throws IOException {
    Path pairs = folder.resolve("pairs.csv");
    Files.writeString(pairs, "word1,word2,similarity\ndog,cat,3\ncat,$(touch x),1\n");
    Cli made =
        Cli.ok("make-ssimi", "--pairs", pairs, "--out", out, "--tts", command(), "--jobs", 1);
    assertTrue(made.out().contains("2 pairs of pairs with 3 words, spoken by"), made.out());
    List<String> texts = Files.readAllLines(folder.resolve("texts"));
    assertTrue(texts.contains("$(touch x)"), texts + "");
    assertTrue(Files.isRegularFile(out.resolve("semantic/dev/gold.csv")));
    Cli again = Cli.ok("make-ssimi", "--pairs", pairs, "--out", out, "--tts", command(), "--json");
    assertTrue(again.json().path("set").path("reused").asBoolean());
    assertEquals(texts, Files.readAllLines(folder.resolve("texts")));
  }

  @Test
  void badPairsAndOptions() throws IOException {
    Path missing = folder.resolve("no.csv");
    assertEquals(66, Cli.run("make-ssimi", "--pairs", missing, "--out", out).code());
    Path bad = Files.writeString(folder.resolve("bad.csv"), "a,b\n1,2\n");
    Cli columns = Cli.run("make-ssimi", "--pairs", bad, "--out", out);
    assertEquals(65, columns.code());
    assertTrue(columns.err().contains("bad.csv: has no column word1"), columns.err());
    Path pairs = Files.writeString(folder.resolve("p.csv"), "word1,word2,score\na,b,1\n");
    assertEquals(
        2, Cli.run("make-ssimi", "--pairs", pairs, "--out", out, "--split", "train").code());
    assertEquals(
        78, Cli.run("make-ssimi", "--pairs", pairs, "--out", out, "--tts", "say {text}").code());
    assertFalse(Files.exists(out));
  }
}
