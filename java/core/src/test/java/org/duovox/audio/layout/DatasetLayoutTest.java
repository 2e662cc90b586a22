package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;

/// Tests what holds for every layout: its name, and that a missing folder is refused.
class DatasetLayoutTest extends LayoutTesting {
  @Test
  void namesAreThoseOfTheDataSets() {
    assertEquals(
        "librispeech, fluent-speech-commands, slurp, snips, audio-snips", DatasetLayout.labels());
    assertEquals(DatasetLayout.FLUENT_SPEECH_COMMANDS, DatasetLayout.of("fluent-speech-commands"));
    assertTrue(
        assertThrows(DuovoxException.class, () -> DatasetLayout.of("libri-speech"))
            .getMessage()
            .contains("did you mean \"librispeech\"?"));
    assertTrue(
        assertThrows(DuovoxException.class, () -> DatasetLayout.SLURP.read(root.resolve("nowhere")))
            .getMessage()
            .contains("no such folder"));
  }
}
