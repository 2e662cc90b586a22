package org.duovox.world.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.world.FakeSpeech;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandProgramTest {
  private static final Voice VOICE = Voice.parse("command:anna@en");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Spoken speak(String command, Duration limit, String... tokens) {
    try (Speaker speaker = new Speaker(List.of(VOICE), command, limit)) {
      return speaker.speak(VOICE, List.of(tokens), 1, 1, folder.resolve("out.wav"));
    }
  }

  private DuovoxException fails(String command, Duration limit) {
    return assertThrows(DuovoxException.class, () -> speak(command, limit, "hello"));
  }

  private String script(String text) throws IOException {
    Files.writeString(folder.resolve("s.sh"), text);
    return "/bin/sh " + folder.resolve("s.sh") + " {text} {out}";
  }

  @Test
  void splitsAtBlanksOutsideOfQuotes() {
    assertEquals(
        List.of("say", "a b", "$HOME;", "", "c'd"),
        CommandProgram.split("say  'a b' $HOME; \"\" \"c'd\""));
    DuovoxException open =
        assertThrows(DuovoxException.class, () -> CommandProgram.split("say 'a {text} {out}"));
    assertEquals(Kind.BAD_CONFIG, open.kind());
  }

  @Test
  void needsPlacesForTextAndFile() {
    for (String command : List.of("say {text}", "say {out}")) {
      DuovoxException e = fails(command, LIMIT);
      assertEquals(Kind.BAD_CONFIG, e.kind());
      assertTrue(e.getMessage().contains("{text} and {out}"), e.getMessage());
    }
  }

  /// Whatever a shell would do with a word, the program gets it as it is.
  @Test
  void noShellSeesTheText() throws IOException {
    FakeSpeech speech = new FakeSpeech(folder.resolve("fake"));
    String evil = "$(touch${IFS}" + folder.resolve("owned") + ");`id`|&'\"\\*?-rf";
    speak(speech.command(), LIMIT, "--help", evil);
    assertEquals(List.of("--help " + evil), speech.texts());
    assertFalse(Files.exists(folder.resolve("owned")));
  }

  @Test
  void wordsBetweenPausesHaveTimes() throws IOException {
    FakeSpeech speech = new FakeSpeech(folder.resolve("fake"));
    Spoken spoken = speak(speech.command(), LIMIT, "dog.", "the", "cat.", "bird");
    assertTrue(spoken.tokens().get(0).isKnown());
    assertEquals(FakeSpeech.SILENCE, spoken.tokens().get(0).start(), 0.011);
    assertEquals(FakeSpeech.SILENCE + FakeSpeech.BURST, spoken.tokens().get(0).end(), 0.011);
    assertFalse(spoken.tokens().get(1).isKnown(), "shares its clause");
    assertFalse(spoken.tokens().get(2).isKnown(), "shares its clause");
    assertTrue(spoken.tokens().get(3).isKnown());
    assertEquals(2, spoken.pauses().size());
  }

  @Test
  void aProgramThatIsNotThere() {
    DuovoxException e = fails("/no/such/program {text} {out}", LIMIT);
    assertEquals(Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("cannot start /no/such/program"), e.getMessage());
  }

  @Test
  void aProgramThatFailsIsQuoted() throws IOException {
    DuovoxException e = fails(script("echo out of voices >&2; exit 3\n"), LIMIT);
    assertEquals(Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("status 3; it said: out of voices"), e.getMessage());
    assertTrue(e.getMessage().contains("s.sh hello"), e.getMessage());
  }

  @Test
  void aProgramThatWritesNothingOrNoAudioOrSilence() throws IOException {
    assertTrue(fails(script("exit 0\n"), LIMIT).getMessage().contains("wrote no audio"));
    assertTrue(fails(script(": > \"$2\"\n"), LIMIT).getMessage().contains("wrote no audio"));
    DuovoxException text = fails(script("echo no sound > \"$2\"\n"), LIMIT);
    assertTrue(text.getMessage().contains("wrote what is no audio"), text.getMessage());
    new FakeSpeech(folder.resolve("fake"));
    String head = "head -c 44 " + folder.resolve("fake/clauses-1.wav");
    String silence = head + " > \"$2\"; head -c 25600 /dev/zero >> \"$2\"\n";
    DuovoxException silent = fails(script(silence), LIMIT);
    assertTrue(silent.getMessage().contains("wrote"), silent.getMessage());
    assertFalse(Files.exists(folder.resolve("out.wav")), "nothing is left");
  }

  /// The child of a shell keeps the pipe open when only the shell is ended.
  @Test
  void aProgramThatHangsIsEnded() throws IOException {
    DuovoxException e = fails(script("sleep 1000\nexit 0\n"), Duration.ofMillis(200));
    assertEquals(Kind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("did not end within"), e.getMessage());
    assertTrue(e.getMessage().contains("timeout"), e.getMessage());
  }

  @Test
  void rateAndPitchChangeTheTimes() throws IOException {
    FakeSpeech speech = new FakeSpeech(folder.resolve("fake"));
    try (Speaker speaker = new Speaker(List.of(VOICE), speech.command(), LIMIT)) {
      Path file = folder.resolve("out.wav");
      List<String> tokens = List.of("dog.", "cat.");
      Spoken plain = speaker.speak(VOICE, tokens, 1, 1, file);
      Spoken high = speaker.speak(VOICE, tokens, 1, 1.205, file);
      assertEquals(plain.samples().length / 1.2, high.samples().length, 2, "steps of 0.02");
      assertEquals(plain.tokens().get(1).end() / 1.2, high.tokens().get(1).end(), 1e-9);
    }
  }
}
