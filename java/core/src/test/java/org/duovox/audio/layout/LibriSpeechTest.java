package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;

/// Tests the layout of LibriSpeech, whole or one split of it.
class LibriSpeechTest extends LayoutTesting {
  private void libriSpeech() throws IOException {
    audio(
        "LibriSpeech/SPEAKERS.TXT",
        "LibriSpeech/dev-clean/84/121123/84-121123-0000.flac",
        "LibriSpeech/dev-clean/84/121123/84-121123-0001.flac",
        "LibriSpeech/train-clean-100/103/1240/103-1240-0000.flac");
    file(
        "LibriSpeech/dev-clean/84/121123/84-121123.trans.txt",
        "84-121123-0000 GO DO YOU HEAR\n84-121123-0001 BUT IN LESS\n");
  }

  @Test
  void libriSpeechHasSplitsSpeakersAndTexts() throws IOException {
    libriSpeech();
    Map<String, Utterance> found = read(DatasetLayout.LIBRISPEECH);
    assertEquals(3, found.size());
    Utterance one = found.get("dev-clean/84/121123/84-121123-0000");
    assertEquals(
        Map.of(
            "split", "dev-clean", "speaker", "84", "chapter", "121123", "text", "GO DO YOU HEAR"),
        one.fields());
    assertTrue(Files.exists(one.audio()));
    assertNull(found.get("train-clean-100/103/1240/103-1240-0000").fields().get("text"));
  }

  @Test
  void oneSplitOfLibriSpeechIsEnough() throws IOException {
    libriSpeech();
    List<Utterance> found =
        DatasetLayout.LIBRISPEECH.read(root.resolve("LibriSpeech/dev-clean")).utterances();
    assertEquals("84/121123/84-121123-0000", found.getFirst().id());
    assertEquals("dev-clean", found.getFirst().fields().get("split"));
  }

  @Test
  void realLibriSpeechIsRead() {
    Path data = Shared.assume("data/librispeech");
    List<Utterance> found = DatasetLayout.LIBRISPEECH.read(data).utterances();
    assertEquals(6, found.size());
    assertEquals(
        "4051", found.stream().map(u -> u.fields().get("speaker")).sorted().findFirst().get());
  }

  @Test
  void whatIsWrongWithLibriSpeechIsListed() throws IOException {
    libriSpeech();
    file(
        "LibriSpeech/dev-clean/84/121123/84-121123.trans.txt",
        "84-121123-0000 GO DO YOU HEAR\nnothing\n");
    refused(
        DatasetLayout.LIBRISPEECH,
        Kind.BAD_DATA,
        "84-121123.trans.txt:2: is no id with its text",
        "has no line for 84-121123-0001.flac");
    refused(DatasetLayout.SLURP, Kind.MISSING_INPUT, "not in the layout of SLURP");
  }
}
