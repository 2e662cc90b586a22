package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.duovox.testing.LogCapture;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small data sets in exactly the layouts of their publishers. No audio is read, so the files are
/// empty.
class DatasetLayoutTest {
  @TempDir private Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void audio(String... paths) throws IOException {
    for (String path : paths) {
      file(path, "");
    }
  }

  private Map<String, Utterance> read(DatasetLayout layout) {
    return layout.read(root).utterances().stream()
        .collect(Collectors.toMap(Utterance::id, utterance -> utterance));
  }

  private Map<String, Utterance> readWarned(DatasetLayout layout, String warning) {
    Map<String, Utterance> found = new HashMap<>();
    List<String> log = LogCapture.of(LayoutEntries.class, () -> found.putAll(read(layout)));
    assertTrue(log.toString().contains(warning), log.toString());
    return found;
  }

  private String refused(DatasetLayout layout, Kind kind) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> layout.read(root));
    assertEquals(kind, e.kind(), e.getMessage());
    return e.getMessage();
  }

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
    String message = refused(DatasetLayout.LIBRISPEECH, Kind.BAD_DATA);
    assertTrue(message.contains("84-121123.trans.txt:2: is no id with its text"), message);
    assertTrue(message.contains("has no line for 84-121123-0001.flac"), message);
    assertTrue(
        refused(DatasetLayout.SLURP, Kind.MISSING_INPUT).contains("not in the layout of SLURP"));
  }

  private void fluent() throws IOException {
    String header = ",path,speakerId,transcription,action,object,location\n";
    String folder = "fluent_speech_commands_dataset/";
    file(
        folder + "data/train_data.csv",
        header
            + "0,wavs/speakers/a1/x.wav,a1,\"Lights on, please\",activate,lights,none\n"
            + "1,wavs/speakers/a1/y.wav,a1,Change language,change language,none,none\n");
    file(
        folder + "data/valid_data.csv",
        header + "0,wavs/speakers/b2/z.wav,b2,Heat up,increase,heat,kitchen\n");
    file(
        folder + "data/test_data.csv",
        header + "0,wavs/speakers/c3/w.wav,c3,Lights on,activate,lights,none\n");
    file(folder + "data/speaker_demographics.csv", "speakerId\n");
    audio(
        folder + "wavs/speakers/a1/x.wav",
        folder + "wavs/speakers/a1/y.wav",
        folder + "wavs/speakers/b2/z.wav",
        folder + "wavs/speakers/c3/w.wav");
  }

  @Test
  void fluentSpeechCommandsHasThreeSlotsAndTheirIntent() throws IOException {
    fluent();
    Map<String, Utterance> found = read(DatasetLayout.FLUENT_SPEECH_COMMANDS);
    assertEquals(4, found.size());
    assertEquals(
        Map.of(
            "split", "train",
            "speaker", "a1",
            "text", "Lights on, please",
            "action", "activate",
            "object", "lights",
            "location", "none",
            "intent", "activate|lights|none"),
        found.get("wavs/speakers/a1/x").fields());
    assertEquals("valid", found.get("wavs/speakers/b2/z").fields().get("split"));
  }

  @Test
  void whatIsWrongWithFluentSpeechCommandsIsListed() throws IOException {
    fluent();
    file(
        "fluent_speech_commands_dataset/data/test_data.csv",
        ",path,speakerId,transcription,action,object,location\n"
            + "0,../../secret.wav,c3,Lights on,activate,lights,none\n"
            + "1,wavs/speakers/c3/w.wav,c3,Lights on,activate,,none\n");
    String message = refused(DatasetLayout.FLUENT_SPEECH_COMMANDS, Kind.BAD_DATA);
    assertTrue(message.contains("test_data.csv:2: "), message);
    assertTrue(message.contains("test_data.csv:3: has no object"), message);
  }

  @Test
  void missingAudioIsListed() throws IOException {
    fluent();
    Files.delete(root.resolve("fluent_speech_commands_dataset/wavs/speakers/a1/y.wav"));
    Files.delete(root.resolve("fluent_speech_commands_dataset/wavs/speakers/c3/w.wav"));
    String message = refused(DatasetLayout.FLUENT_SPEECH_COMMANDS, Kind.MISSING_INPUT);
    assertTrue(message.contains("2 problems"), message);
    assertTrue(message.contains("train_data.csv:3: there is no file"), message);
    Files.delete(root.resolve("fluent_speech_commands_dataset/data/valid_data.csv"));
    assertTrue(
        refused(DatasetLayout.FLUENT_SPEECH_COMMANDS, Kind.MISSING_INPUT)
            .contains("it has no data/valid_data.csv"));
  }

  private static String slurpLine(String annotation, String... files) {
    String recordings =
        List.of(files).stream()
            .map(
                "{\"file\": \"%s\", \"wer\": 0.0, \"ent_wer\": null, \"status\": \"correct\"}"
                    ::formatted)
            .collect(Collectors.joining(", "));
    return """
    {"slurp_id": 3296, "sentence": "a sentence", "sentence_annotation": "%s", "intent": "takeaway_query", "action": "query", "tokens": [{"surface": "a", "id": 0, "lemma": "a", "pos": "DT"}], "scenario": "takeaway", "recordings": [%s], "entities": []}
    """
        .formatted(annotation, recordings);
  }

  private void slurp() throws IOException {
    file(
        "dataset/slurp/train.jsonl",
        slurpLine(
            "the [food_type : chinese] [business_type : restaurant]",
            "audio-15-headset.flac",
            "audio-15.flac"));
    file("dataset/slurp/train_synthetic.jsonl", slurpLine("no slot", "audio-synth-1.flac"));
    file(
        "dataset/slurp/devel.jsonl",
        slurpLine("[currency_name : dollar] in [currency_name : japanese yen]", "audio-16.flac"));
    file("dataset/slurp/test.jsonl", slurpLine("no slot", "audio-17.flac"));
    file(
        "dataset/slurp/metadata.json",
        """
        {"3296": {"query": "x", "recordings": {"audio-15.flac": {"usrid": "FE-141", "native": "native"}}}}
        """);
    audio(
        "audio/slurp_real/audio-15-headset.flac",
        "audio/slurp_real/audio-15.flac",
        "audio/slurp_real/audio-16.flac",
        "audio/slurp_real/audio-17.flac",
        "audio/slurp_synth/audio-synth-1.flac");
  }

  @Test
  void slurpHasEveryRecordingOfASentence() throws IOException {
    slurp();
    Map<String, Utterance> found = read(DatasetLayout.SLURP);
    assertEquals(5, found.size());
    assertEquals(
        Map.of(
            "split", "train",
            "speaker", "FE-141",
            "text", "a sentence",
            "scenario", "takeaway",
            "action", "query",
            "intent", "takeaway_query",
            "slots", "{\"business_type\":\"restaurant\",\"food_type\":\"chinese\"}"),
        found.get("audio/slurp_real/audio-15").fields());
    assertEquals(
        "{\"currency_name\":[\"dollar\",\"japanese yen\"]}",
        found.get("audio/slurp_real/audio-16").fields().get("slots"));
    assertEquals("{}", found.get("audio/slurp_real/audio-17").fields().get("slots"));
    assertEquals(
        "train_synthetic", found.get("audio/slurp_synth/audio-synth-1").fields().get("split"));
  }

  @Test
  void slurpWithoutSyntheticSpeechIsReadWithAWarning() throws IOException {
    slurp();
    Files.delete(root.resolve("audio/slurp_synth/audio-synth-1.flac"));
    Files.delete(root.resolve("audio/slurp_synth"));
    assertEquals(4, readWarned(DatasetLayout.SLURP, "train_synthetic is left out").size());
  }

  @Test
  void whatIsWrongWithSlurpIsListed() throws IOException {
    slurp();
    file(
        "dataset/slurp/devel.jsonl",
        slurpLine("fine", "audio-16.flac")
            + "{\"sentence\": \n"
            + slurpLine("open [date tomorrow]", "audio-16.flac")
            + "{\"sentence\": \"x\", \"scenario\": \"a\", \"action\": \"b\", \"recordings\": []}\n");
    String message = refused(DatasetLayout.SLURP, Kind.BAD_DATA);
    for (String part :
        List.of(
            "devel.jsonl:2:",
            "devel.jsonl:3: a bracket",
            "devel.jsonl:4: has no text \"intent\"")) {
      assertTrue(message.contains(part), message);
    }
  }

  private static String snips(String intent, String... utterances) {
    return "\"%s\": {\"utterances\": [%s]}"
        .formatted(
            intent,
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

  @Test
  void snipsSmartLightsAreJoinedByTextAndDealtToFolds() throws IOException {
    file("config.json", "{\"dataset\": \"dataset.json\", \"speech_corpus\": \"speech_corpus\"}");
    file(
        "dataset.json",
        "{\"language\": \"en\", \"intents\": {"
            + snips(
                "SwitchLightOn",
                words("turn on the ") + ", " + slot("kitchen", "room") + ", " + words(" light"),
                words("never recorded"),
                words("lights on"))
            + ", "
            + snips("SwitchLightOff", words("lights off"))
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

  @Test
  void snipsSmartSpeakersHaveTwoSplits() throws IOException {
    file(
        "metadata.json",
        """
        [{"text": "next song", "path_file": "audio/a.wav"}, {"text": "play some Prince", "path_file": "audio/b.wav"}]
        """);
    file(
        "training_dataset.json",
        "{\"language\": \"en\", \"intents\": {" + snips("NextSong", words("next song")) + "}}");
    file(
        "test_dataset.json",
        "{\"language\": \"en\", \"intents\": {"
            + snips("PlayMusic", words("play some ") + ", " + slot("Prince", "artist_name"))
            + "}}");
    audio("audio/a.wav", "audio/b.wav");
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
    file("dataset.json", "{\"intents\": {" + snips("A", words("one"), words("one"), "") + "}}");
    file(
        "speech_corpus/metadata.json",
        "{\"0\": {\"filename\": \"0.wav\", \"text\": \"one\"}, \"1\": {\"text\": \"two\"}}");
    audio("speech_corpus/audio/0.wav");
    String message = refused(DatasetLayout.SNIPS, Kind.BAD_DATA);
    for (String part :
        List.of(
            "metadata.json: 1: needs \"text\" and \"filename\"",
            "dataset.json: intents.A.utterances[1]: an earlier sentence",
            "dataset.json: intents.A.utterances[2]: has no \"data\"")) {
      assertTrue(message.contains(part), message);
    }
    Files.delete(root.resolve("speech_corpus/metadata.json"));
    assertTrue(
        refused(DatasetLayout.SNIPS, Kind.MISSING_INPUT)
            .contains("it has no speech_corpus/metadata.json"));
  }

  private void audioSnips(String lines) throws IOException {
    file("SNIPS/all.iob.snips.txt", lines);
    file("SNIPS/slots.txt", "B-artist\nI-artist\n");
    audio(
        "SNIPS/train/Ivy-snips-train-0.wav",
        "SNIPS/valid/Amy-snips-valid-0.wav",
        "SNIPS/test/Emma-snips-test-7.wav");
  }

  private static final String THREE =
      """
      Ivy-snips-train-0 BOS play the kinks now EOS\tO O B-artist I-artist O PlayMusic
      Amy-snips-valid-0 BOS rain EOS\tO O GetWeather
      Emma-snips-test-7 BOS rate saga five EOS\tO O B-object_name B-rating_value RateBook
      Joey-snips-train-0 BOS rain EOS\tO O GetWeather
      """;

  @Test
  void audioSnipsHasTagsOfWords() throws IOException {
    audioSnips(THREE);
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
    audioSnips(
        THREE
            + "x BOS one two EOS\tO O GetWeather\n"
            + "Amy-snips-valid-0 BOS rain EOS\tO O GetWeather\n"
            + "y BOS one two EOS\tO B-a I-b GetWeather\n"
            + "no tab\n");
    String message = refused(DatasetLayout.AUDIO_SNIPS, Kind.BAD_DATA);
    for (String part :
        List.of(
            "snips.txt:5: is not 'ID BOS",
            "snips.txt:6: Amy-snips-valid-0 occurs twice",
            "snips.txt:7: the tag I-b",
            "snips.txt:8: is not 'ID BOS")) {
      assertTrue(message.contains(part), message);
    }
  }

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
