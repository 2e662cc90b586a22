package org.duovox.world.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.world.voice.Spoken.Span;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs themselves, where they are installed.
final class InstalledProgramsTest {
  private static final int RATE = 16_000;

  @TempDir private Path folder;

  private static Speaker speaker(Voice voice) {
    Speaker speaker = new Speaker(List.of(voice), "", Duration.ofSeconds(60));
    try {
      speaker.versions();
    } catch (DuovoxException e) {
      assertEquals(Kind.UNAVAILABLE, e.kind());
      assertTrue(e.getMessage().contains("apt install"), e.getMessage());
      speaker.close();
      Assumptions.abort("SKIPPED: " + e.getMessage());
    }
    return speaker;
  }

  private Spoken speak(Speaker speaker, Voice voice, double rate, String text) {
    return speaker.speak(voice, List.of(text.split(" ")), rate, 1, folder.resolve("out.wav"));
  }

  private static double loudSeconds(Spoken spoken) {
    List<Span> loud = Clauses.loud(spoken.samples());
    return loud.getLast().end() - loud.getFirst().start();
  }

  /// What is cut out lasts about as long as the word alone, and is where the sound is.
  private void cutsAreTheWords(Voice voice, String text, int... tokens) {
    try (Speaker speaker = speaker(voice)) {
      Spoken spoken = speak(speaker, voice, 1, text);
      for (int token : tokens) {
        Span span = spoken.tokens().get(token);
        assertTrue(span.isKnown(), text + " " + token);
        String word = text.split(" ")[token].replaceAll("[.,]", "");
        double alone = loudSeconds(speak(speaker, voice, 1, word));
        double ratio = (span.end() - span.start()) / alone;
        assertTrue(ratio > 0.45 && ratio < 1.5, voice.label() + " " + word + " " + ratio);
        double inside = power(spoken.samples(), span.start(), span.end());
        spoken
            .pauses()
            .forEach(pause ->
                assertTrue(
                    power(spoken.samples(), pause.start() + 0.02, pause.end() - 0.02)
                        < 0.02 * inside,
                    word));
      }
    }
  }

  private static double power(float[] samples, double start, double end) {
    int from = (int) (start * RATE);
    int to = Math.max(from + 1, (int) (end * RATE));
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += samples[i] * samples[i];
    }
    return sum / (to - from);
  }

  @Test
  void fliteTellsWhereWordsAre() {
    for (String name : List.of("slt", "rms", "kal16", "awb")) {
      Voice voice = Voice.parse("flite:" + name);
      cutsAreTheWords(voice, "hammer. trowel. screwdriver.", 0, 1, 2);
      cutsAreTheWords(voice, "she peeled the ripe banana for breakfast", 1, 4, 6);
    }
  }

  @Test
  void espeakNgIsCutAtItsPauses() {
    cutsAreTheWords(Voice.parse("espeak-ng:en-us"), "hammer. trowel. screwdriver.", 0, 1, 2);
    cutsAreTheWords(Voice.parse("espeak-ng:en-us"), "hammer, trowel, and screwdriver.", 0, 1);
    cutsAreTheWords(Voice.parse("espeak-ng:de"), "Hämmer. Schraubenzieher.", 0, 1);
    cutsAreTheWords(Voice.parse("espeak-ng:es"), "martillos, palas, y tijeras.", 0, 1);
  }

  @Test
  void bothSpeakTheSameTwiceAndFasterWhenAsked() {
    for (String name : List.of("flite:slt", "espeak-ng:en-us")) {
      Voice voice = Voice.parse(name);
      try (Speaker speaker = speaker(voice)) {
        Spoken first = speak(speaker, voice, 1, "the heavy hammer");
        Spoken second = speak(speaker, voice, 1, "the heavy hammer");
        assertArrayEquals(first.samples(), second.samples());
        double fast = loudSeconds(speak(speaker, voice, 1.25, "the heavy hammer"));
        assertEquals(1 / 1.25, fast / loudSeconds(first), 0.08, name);
      }
    }
  }

  @Test
  void voicesThatAreNotThereAreToldWithThoseThatAre() {
    List.of("flite:nobody", "espeak-ng:xx@en", "espeak-ng:en-us+nobody", "flite:/no/file.flitevox")
        .forEach(name -> {
          Voice voice = Voice.parse(name);
          try (Speaker speaker = speaker(voice)) {
            DuovoxException e =
                assertThrows(DuovoxException.class, () -> speaker.require(List.of(voice)), name);
            assertEquals(Kind.UNAVAILABLE, e.kind());
            assertTrue(
                name.contains("/") || e.getMessage().matches(".*it has .*(slt|en-us).*"),
                e.getMessage());
          }
        });
  }

  @Test
  void voicesThatAreThereAreAccepted() {
    for (String name : List.of("flite:slt", "espeak-ng:en-us+f3", "espeak-ng:de")) {
      Voice voice = Voice.parse(name);
      try (Speaker speaker = speaker(voice)) {
        speaker.require(List.of(voice));
      }
    }
  }
}
