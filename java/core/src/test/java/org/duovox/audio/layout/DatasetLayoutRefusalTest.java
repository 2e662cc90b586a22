package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.testing.LogCapture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Data sets that are damaged or not what they seem: told with their place, and nothing of them is
/// lost without a word.
class DatasetLayoutRefusalTest {
  @TempDir private Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void refused(DatasetLayout layout, String... parts) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> layout.read(root));
    assertEquals(Kind.BAD_DATA, e.kind(), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), part + " in " + e.getMessage());
    }
  }

  private void warned(DatasetLayout layout, int utterances, String warning) {
    List<String> log =
        LogCapture.of(
            LayoutEntries.class, () -> assertEquals(utterances, layout.read(root).size()));
    assertTrue(log.toString().contains(warning), log.toString());
  }

  private void audioSnips(String lines) throws IOException {
    file("train/Amy-snips-1.wav", "");
    file("valid/Amy-snips-2.wav", "");
    file("test/Amy-snips-3.wav", "");
    file(
        "all.iob.snips.txt",
        "Amy-snips-1 BOS play it EOS\tO O B-song Play\n"
            + "Amy-snips-2 BOS play it EOS\tO O O Play\n"
            + "Amy-snips-3 BOS play it EOS\tO O O Play\n"
            + lines);
  }

  @Test
  void aFileNamedLikeAnExtensionIsNoRecordingOfAudioSnips() throws IOException {
    audioSnips("");
    file("train/wav", "");
    assertEquals(3, DatasetLayout.AUDIO_SNIPS.read(root).size());
  }

  @Test
  void tagsOfAudioSnipsWithoutASlotAreTold() throws IOException {
    audioSnips("x BOS play it EOS\tO O I- Play\ny BOS play it EOS\tO B- O Play\n");
    refused(
        DatasetLayout.AUDIO_SNIPS,
        "all.iob.snips.txt:4: the tag I- does not go on a slot that began",
        "all.iob.snips.txt:5: the tag B- names no slot");
  }

  @Test
  void aFileInThePlaceOfASplitIsTold() throws IOException {
    audioSnips("");
    Files.delete(root.resolve("test/Amy-snips-3.wav"));
    Files.delete(root.resolve("test"));
    file("test", "");
    refused(DatasetLayout.AUDIO_SNIPS, "test: is no folder");
  }

  @Test
  void idsThatOccurTwiceAreToldWithBothPlaces() throws IOException {
    audioSnips("");
    file("train/Amy-snips-1.flac", "");
    file("test/Amy-snips-3.flac", "");
    refused(
        DatasetLayout.AUDIO_SNIPS,
        "2 problems",
        "all.iob.snips.txt:1: train/Amy-snips-1.wav has the id of train/Amy-snips-1.flac at ",
        "all.iob.snips.txt:3: test/Amy-snips-3.wav");
  }

  private void fluent(String train) throws IOException {
    String header = ",path,speakerId,transcription,action,object,location\n";
    file("data/train_data.csv", header + train);
    file("data/valid_data.csv", header + "0,wavs/b.wav,b,Heat up,increase,heat,none\n");
    file("data/test_data.csv", header + "0,wavs/c.wav,c,Heat up,increase,heat,none\n");
    file("wavs/a.wav", "");
    file("wavs/b.wav", "");
    file("wavs/c.wav", "");
  }

  @Test
  void rowsOfFluentSpeechCommandsAreThereOnceAndWhole() throws IOException {
    fluent("");
    refused(DatasetLayout.FLUENT_SPEECH_COMMANDS, "train_data.csv: has a header and no rows");
    String row = "0,wavs/a.wav,a,Heat up,increase,heat,none\n";
    fluent(row + row + "1,wavs/x.wav,,Heat up,increase,heat,none\n2,,a, ,increase,heat,none\n");
    refused(
        DatasetLayout.FLUENT_SPEECH_COMMANDS,
        "train_data.csv:3: wavs/a.wav has the id of wavs/a.wav at ",
        "train_data.csv:2; take one of them out",
        "train_data.csv:4: has no speakerId",
        "train_data.csv:5: has no path",
        "train_data.csv:5: has no transcription");
  }

  @Test
  void pathsThatLeaveTheDataSetAreToldWithoutOptionsThatThereAreNot() throws IOException {
    fluent("0,../x.wav,a,Heat up,increase,heat,none\n");
    DuovoxException e =
        assertThrows(DuovoxException.class, () -> DatasetLayout.FLUENT_SPEECH_COMMANDS.read(root));
    assertTrue(e.getMessage().contains("train_data.csv:2: \"../x.wav\" is not below"));
    assertTrue(!e.getMessage().contains("--root"), e.getMessage());
  }

  @Test
  void linesOfLibriSpeechWithoutARecordingAreTold() throws IOException {
    file("dev/1/2/1-2-0000.flac", "");
    file("dev/1/2/1-2.trans.txt", "1-2-0000 HELLO\n\n1-2-0001 LOST\n");
    warned(
        DatasetLayout.LIBRISPEECH, 1, "1 lines have no recording and are left out, e.g. 1-2-0001");
  }

  private static String slurpLine(String annotation, String recordings) {
    return """
    {"sentence": "wake me", "intent": "alarm_set", "action": "set", "scenario": "alarm"%s, "recordings": [%s]}
    """
        .formatted(annotation, recordings);
  }

  private void slurp(String train) throws IOException {
    String fine = ", \"sentence_annotation\": \"wake [who : me]\"";
    file("dataset/slurp/train.jsonl", train);
    file("dataset/slurp/devel.jsonl", slurpLine(fine, "{\"file\": \"d.flac\"}"));
    file("dataset/slurp/test.jsonl", slurpLine(fine, "{\"file\": \"t.flac\"}"));
    file("slurp_real/d.flac", "");
    file("slurp_real/t.flac", "");
  }

  @Test
  void slotsOfSlurpThatCannotBeReadAreTold() throws IOException {
    slurp(
        slurpLine("", "")
            + slurpLine(", \"sentence_annotation\": null", "")
            + slurpLine(", \"sentence_annotation\": \"wake [ : me]\"", "")
            + slurpLine(", \"sentence_annotation\": \"wake [who : ]\"", ""));
    refused(
        DatasetLayout.SLURP,
        "train.jsonl:1: has no text \"sentence_annotation\"",
        "train.jsonl:2: has no text \"sentence_annotation\"",
        "train.jsonl:3: a bracket of sentence_annotation",
        "train.jsonl:4: a bracket of sentence_annotation");
  }

  @Test
  void sentencesOfSlurpAreNotLostWithoutAWord() throws IOException {
    slurp("\n");
    refused(DatasetLayout.SLURP, "train.jsonl: holds no sentence");
    slurp(slurpLine(", \"sentence_annotation\": \"wake\"", ""));
    warned(DatasetLayout.SLURP, 2, "1 sentences have no recording and are left out");
  }

  @Test
  void metadataOfSlurpOfAnotherFormIsRefused() throws IOException {
    slurp(slurpLine(", \"sentence_annotation\": \"wake\"", ""));
    file("dataset/slurp/metadata.json", "[]");
    refused(DatasetLayout.SLURP, "metadata.json: must hold an object of sentences");
    file("dataset/slurp/metadata.json", "{\"1\": {\"recordings\": [\"d.flac\"]}}");
    refused(DatasetLayout.SLURP, "metadata.json: 1: has no object \"recordings\"");
    file("dataset/slurp/metadata.json", "{\"1\": {\"recordings\": {\"d.flac\": 5}}}");
    refused(DatasetLayout.SLURP, "metadata.json: 1.recordings.d.flac: is no object");
  }

  private void snips(String metadata, String intents) throws IOException {
    file("speech_corpus/metadata.json", metadata);
    file("speech_corpus/audio/0.wav", "");
    file("dataset.json", "{\"intents\": {" + intents + "}}");
  }

  private static final String ON = "\"On\": {\"utterances\": [{\"data\": [{\"text\": \"on\"}]}]}";
  private static final String RECORDED = "{\"0\": {\"text\": \"on\", \"filename\": \"0.wav\"}}";

  @Test
  void snipsOfAnotherFormIsRefused() throws IOException {
    snips("[]", ON);
    refused(DatasetLayout.SNIPS, "metadata.json: must hold an object of recordings");
    snips(RECORDED, ON + ", \"Off\": {}, \"\": {\"utterances\": []}");
    refused(
        DatasetLayout.SNIPS,
        "dataset.json: intents.Off: needs a name and a list \"utterances\"",
        "dataset.json: intents.: needs a name");
    for (String config : List.of("5", "{\"dataset\": 5}", "{\"dataset\": \"/etc/passwd\"}")) {
      snips(RECORDED, ON);
      file("config.json", config);
      refused(DatasetLayout.SNIPS, "config.json: ");
    }
  }

  @Test
  void recordingsOfSnipsThatShareTextOrFileAreTold() throws IOException {
    String twice = "{\"9\": {\"text\": \"on\", \"filename\": \"9.wav\"}, " + RECORDED.substring(1);
    snips(twice, ON);
    warned(DatasetLayout.SNIPS, 1, "1 recordings say what a later one says and are left out");
    snips(
        "{\"1\": {\"text\": \"off\", \"filename\": \"0.wav\"}, " + RECORDED.substring(1),
        ON + ", " + ON.replace("\"On", "\"Off").replace("\"on\"", "\"off\""));
    refused(
        DatasetLayout.SNIPS,
        "intents.Off.utterances[0]: speech_corpus/audio/0.wav has the id of speech_");
  }
}
