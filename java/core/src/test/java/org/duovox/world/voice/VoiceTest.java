package org.duovox.world.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.world.voice.Voice.Program;
import org.junit.jupiter.api.Test;

final class VoiceTest {
  @Test
  void namesProgramVoiceAndLanguage() {
    assertEquals(new Voice(Program.FLITE, "slt", "en"), Voice.parse("flite:slt"));
    assertEquals(new Voice(Program.ESPEAK_NG, "de", "de"), Voice.parse("espeak-ng:de"));
    assertEquals(new Voice(Program.ESPEAK_NG, "en-us+f3", "en"), Voice.parse("espeak-ng:en-us+f3"));
    assertEquals(new Voice(Program.COMMAND, "anna", "fr"), Voice.parse("command:anna@fr"));
    assertEquals("espeak-ng-en-us-f3", Voice.parse("espeak-ng:en-us+f3").slug());
  }

  @Test
  void otherTextsAreRefused() {
    for (String text : List.of("slt", "festival:x", "flite:", "command:anna", "flite:a b", "")) {
      DuovoxException e = assertThrows(DuovoxException.class, () -> Voice.parse(text), text);
      assertEquals(Kind.BAD_CONFIG, e.kind());
    }
  }

  @Test
  void aCommandAndItsVoicesBelongTogether() {
    Voice own = Voice.parse("command:anna@en");
    DuovoxException without =
        assertThrows(
            DuovoxException.class, () -> new Speaker(List.of(own), "", Duration.ofSeconds(1)));
    assertTrue(without.getMessage().contains("speech.command"), without.getMessage());
    List<Voice> flite = List.of(Voice.parse("flite:slt"));
    DuovoxException unused =
        assertThrows(
            DuovoxException.class,
            () -> new Speaker(flite, "say {text} {out}", Duration.ofSeconds(1)));
    assertTrue(unused.getMessage().contains("no voice is one of it"), unused.getMessage());
  }
}
