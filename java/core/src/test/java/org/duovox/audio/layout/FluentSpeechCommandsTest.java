package org.duovox.audio.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;

/// Tests the layout of Fluent Speech Commands: the slots and the intent of a line of its tables.
class FluentSpeechCommandsTest extends LayoutTesting {
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
    refused(
        DatasetLayout.FLUENT_SPEECH_COMMANDS,
        Kind.BAD_DATA,
        "test_data.csv:2: ",
        "test_data.csv:3: has no object");
  }

  @Test
  void missingAudioIsListed() throws IOException {
    fluent();
    Files.delete(root.resolve("fluent_speech_commands_dataset/wavs/speakers/a1/y.wav"));
    Files.delete(root.resolve("fluent_speech_commands_dataset/wavs/speakers/c3/w.wav"));
    refused(
        DatasetLayout.FLUENT_SPEECH_COMMANDS,
        Kind.MISSING_INPUT,
        "2 problems",
        "train_data.csv:3: there is no file");
    Files.delete(root.resolve("fluent_speech_commands_dataset/data/valid_data.csv"));
    refused(
        DatasetLayout.FLUENT_SPEECH_COMMANDS, Kind.MISSING_INPUT, "it has no data/valid_data.csv");
  }
}
