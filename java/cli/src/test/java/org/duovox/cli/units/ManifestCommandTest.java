package org.duovox.cli.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.audio.layout.DatasetLayout;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.cli.Cli;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeSet() throws IOException {
    for (String split : new String[] {"train", "valid", "test"}) {
      Path audio = folder.resolve("fsc/wavs/speakers/" + split + "1/x.wav");
      Files.createDirectories(audio.getParent());
      Files.createFile(audio);
      Files.createDirectories(folder.resolve("fsc/data"));
      Files.writeString(
          folder.resolve("fsc/data/" + split + "_data.csv"),
          ",path,speakerId,transcription,action,object,location\n"
              + "0,wavs/speakers/%s1/x.wav,%s1,\"Say \"\"on\"\"\",activate,lights,none\n"
                  .formatted(split, split));
    }
  }

  private Cli manifest(Object out) {
    return Cli.run(
        "manifest",
        "--layout",
        "fluent-speech-commands",
        "--data",
        folder.resolve("fsc"),
        "--out",
        out);
  }

  @Test
  void aManifestAboveTheAudioIsReadAsItIs() {
    Path out = folder.resolve("fsc.jsonl");
    Cli result = manifest(out);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("3 utterances"), result.out());
    assertTrue(result.out().contains("values of intent: 1"), result.out());
    assertFalse(result.out().contains("--root"), result.out());
    assertEquals(
        DatasetLayout.FLUENT_SPEECH_COMMANDS.read(folder.resolve("fsc")).utterances(),
        Manifest.read(out).utterances());
    assertEquals(73, manifest(out).code(), "the file is there already");
  }

  @Test
  void elsewhereItSaysHowItIsRead() throws IOException {
    Path out = Files.createDirectories(folder.resolve("lists")).resolve("fsc.jsonl");
    Cli result = manifest(out);
    assertTrue(result.out().contains("read it with --root"), result.out());
    PathRules rules = PathRules.of(false, folder.resolve("fsc").toString());
    assertEquals(3, Manifest.read(out, rules).size());
  }

  @Test
  void linksToAudioElsewhereAreTold() throws IOException {
    Path audio = folder.resolve("fsc/wavs/speakers/test1/x.wav");
    Path elsewhere = folder.resolve("elsewhere.wav");
    Files.move(audio, elsewhere);
    Files.createSymbolicLink(audio, elsewhere);
    Path out = folder.resolve("fsc/all.jsonl");
    Cli result = manifest(out);
    assertTrue(result.out().contains("read it with --allow-absolute"), result.out());
    assertThrows(
        DuovoxException.class,
        () -> Manifest.read(out).requireInside(folder.resolve("fsc"), PathRules.STRICT));
    assertEquals(3, Manifest.read(out, PathRules.of(true, null)).size());
  }

  @Test
  void whatCannotBeReadIsTold() throws IOException {
    Files.delete(folder.resolve("fsc/wavs/speakers/test1/x.wav"));
    Cli missing = manifest(folder.resolve("fsc.jsonl"));
    assertEquals(66, missing.code());
    assertTrue(missing.err().contains("test_data.csv:2: there is no file"), missing.err());
    assertFalse(Files.exists(folder.resolve("fsc.jsonl")));
    assertEquals(2, manifest(folder.resolve("fsc.txt")).code());
    Cli layout = Cli.run("manifest", "--layout", "fsc", "--data", folder, "--out", "a.jsonl");
    assertEquals(78, layout.code());
  }
}
