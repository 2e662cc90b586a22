package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;

/// Tests the layout of the spoken SNIPS data sets: smart lights in folds, smart speakers in splits.
class SnipsSpokenTest extends LayoutTesting {
  private static String intent(String name, String... utterances) {
    return "\"%s\": {\"utterances\": [%s]}"
        .formatted(
            name,
            List.of(utterances).stream()
                .map("{\"data\": [%s]}"::formatted)
                .collect(Collectors.joining(", ")));
  }

  private static String words(String text) {
    return "{\"text\": \"%s\"}".formatted(text);
  }

  private static String slot(String text, String name) {
    return "{\"text\": \"%s\", \"entity\": \"%s\", \"slot_name\": \"%s\"}"
        .formatted(text, name, name);
  }

  private void smartLights() throws IOException {
    file("config.json", "{\"dataset\": \"dataset.json\", \"speech_corpus\": \"speech_corpus\"}");
    file(
        "dataset.json",
        "{\"language\": \"en\", \"intents\": {"
            + intent(
                "SwitchLightOn",
                words("turn on the ") + ", " + slot("kitchen", "room") + ", " + words(" light"),
                words("never recorded"),
                words("lights on"))
            + ", "
            + intent("SwitchLightOff", words("lights off"))
            + "}, \"entities\": {}}");
    file(
        "speech_corpus/metadata.json",
        """
        {"0": {"filename": "0.wav", "text": "turn on the kitchen light", "worker": {"id": "w-1", "age": 30}},
         "1": {"filename": "1.wav", "text": "lights on", "worker": {"id": "w-2", "age": 40}},
         "2": {"filename": "2.wav", "text": "lights off", "worker": {"id": "w-1", "age": 30}},
         "3": {"filename": "3.wav", "text": "something else", "worker": {"id": "w-1", "age": 30}}}
        """);
    audio("speech_corpus/audio/0.wav", "speech_corpus/audio/1.wav", "speech_corpus/audio/2.wav");
  }

  @Test
  void snipsSmartLightsAreJoinedByTextAndDealtToFolds() throws IOException {
    smartLights();
    String told = "1 sentences have no recording, 1 recordings are of no sentence";
    Map<String, Utterance> found = readWarned(DatasetLayout.SNIPS, told);
    assertEquals(3, found.size());
    assertEquals(
        Map.of(
            "intent", "SwitchLightOn",
            "fold", "0",
            "text", "turn on the kitchen light",
            "slots", "{\"room\":\"kitchen\"}",
            "speaker", "w-1"),
        found.get("speech_corpus/audio/0").fields());
    assertEquals("2", found.get("speech_corpus/audio/1").fields().get("fold"));
  }

  private void smartSpeakers() throws IOException {
    file(
        "metadata.json",
        """
        [{"text": "next song", "path_file": "audio/a.wav"}, {"text": "play some Prince", "path_file": "audio/b.wav"}]
        """);
    file(
        "training_dataset.json",
        "{\"language\": \"en\", \"intents\": {" + intent("NextSong", words("next song")) + "}}");
    file(
        "test_dataset.json",
        "{\"language\": \"en\", \"intents\": {"
            + intent("PlayMusic", words("play some ") + ", " + slot("Prince", "artist_name"))
            + "}}");
    audio("audio/a.wav", "audio/b.wav");
  }

  @Test
  void snipsSmartSpeakersHaveTwoSplits() throws IOException {
    smartSpeakers();
    Map<String, Utterance> found = read(DatasetLayout.SNIPS);
    assertEquals("train", found.get("audio/a").fields().get("split"));
    assertEquals(
        Map.of(
            "split", "test",
            "intent", "PlayMusic",
            "text", "play some Prince",
            "slots", "{\"artist_name\":\"Prince\"}"),
        found.get("audio/b").fields());
  }

  @Test
  void whatIsWrongWithSnipsIsListed() throws IOException {
    file("dataset.json", "{\"intents\": {" + intent("A", words("one"), words("one"), "") + "}}");
    file(
        "speech_corpus/metadata.json",
        "{\"0\": {\"filename\": \"0.wav\", \"text\": \"one\"}, \"1\": {\"text\": \"two\"}}");
    audio("speech_corpus/audio/0.wav");
    refused(
        DatasetLayout.SNIPS,
        Kind.BAD_DATA,
        "metadata.json: 1: needs \"text\" and \"filename\"",
        "dataset.json: intents.A.utterances[1]: an earlier sentence",
        "dataset.json: intents.A.utterances[2]: has no \"data\"");
    Files.delete(root.resolve("speech_corpus/metadata.json"));
    refused(DatasetLayout.SNIPS, Kind.MISSING_INPUT, "it has no speech_corpus/metadata.json");
  }
}
