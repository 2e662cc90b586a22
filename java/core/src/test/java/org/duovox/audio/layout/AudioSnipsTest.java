package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;

/// Tests the layout of Audio SNIPS: lines of words and their tags, with one recording each.
class AudioSnipsTest extends LayoutTesting {
  private static final String LINES =
      """
      Ivy-snips-train-0 BOS play the kinks now EOS\tO O B-artist I-artist O PlayMusic
      Amy-snips-valid-0 BOS rain EOS\tO O GetWeather
      Emma-snips-test-7 BOS rate saga five EOS\tO O B-object_name B-rating_value RateBook
      Joey-snips-train-0 BOS rain EOS\tO O GetWeather
      """;

  private void dataSet(String lines) throws IOException {
    file("SNIPS/all.iob.snips.txt", lines);
    file("SNIPS/slots.txt", "B-artist\nI-artist\n");
    audio(
        "SNIPS/train/Ivy-snips-train-0.wav",
        "SNIPS/valid/Amy-snips-valid-0.wav",
        "SNIPS/test/Emma-snips-test-7.wav");
  }

  @Test
  void audioSnipsHasTagsOfWords() throws IOException {
    dataSet(LINES);
    Map<String, Utterance> found =
        readWarned(DatasetLayout.AUDIO_SNIPS, "1 of 4 lines have no recording");
    assertEquals(3, found.size());
    assertEquals(
        Map.of(
            "split", "train",
            "speaker", "Ivy",
            "text", "play the kinks now",
            "intent", "PlayMusic",
            "slots", "{\"artist\":\"the kinks\"}"),
        found.get("train/Ivy-snips-train-0").fields());
    assertEquals(
        "{\"object_name\":\"saga\",\"rating_value\":\"five\"}",
        found.get("test/Emma-snips-test-7").fields().get("slots"));
  }

  @Test
  void whatIsWrongWithAudioSnipsIsListed() throws IOException {
    dataSet(
        LINES
            + "x BOS one two EOS\tO O GetWeather\n"
            + "Amy-snips-valid-0 BOS rain EOS\tO O GetWeather\n"
            + "y BOS one two EOS\tO B-a I-b GetWeather\n"
            + "no tab\n");
    refused(
        DatasetLayout.AUDIO_SNIPS,
        Kind.BAD_DATA,
        "snips.txt:5: is not 'ID BOS",
        "snips.txt:6: Amy-snips-valid-0 occurs twice",
        "snips.txt:7: the tag I-b",
        "snips.txt:8: is not 'ID BOS");
  }
}
