package org.duovox.audio.manifest;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final PathRules ALL = PathRules.of(true, null);

  @TempDir Path folder;

  private Path touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[1]);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> ids(Manifest manifest) {
    return manifest.utterances().stream().map(Utterance::id).toList();
  }

  @Test
  void aFolderIsListedInAStableOrder() throws IOException {
    for (String name :
        List.of(
            "b/z.WAV",
            "b/a.flac",
            "a.x.mp3",
            "B.ogg",
            "notes.txt",
            ".hidden.wav",
            ".git/x.wav",
            "b/._a.wav",
            "noextension")) {
      touch(name);
    }
    Manifest manifest = Manifest.read(folder);
    assertEquals(List.of("B", "a.x", "b/a", "b/z"), ids(manifest));
    assertEquals(folder.resolve("b/z.WAV"), manifest.utterances().getLast().audio());
  }

  @Test
  void aFolderWithoutAudioOrWithTwoOfOneIdIsRefused() throws IOException {
    touch("notes.txt");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(folder), "no utterance");
    touch("a.wav");
    touch("a.flac");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(folder), "id \"a\"", "a.wav", "a.flac");
    assertFails(Kind.MISSING_INPUT, () -> Manifest.read(folder.resolve("none")), "none");
  }

  @Test
  void linksMayStayInsideButNotLeave(@TempDir Path elsewhere) throws IOException {
    touch("data/a.wav");
    Files.createSymbolicLink(folder.resolve("b.wav"), folder.resolve("data/a.wav"));
    assertEquals(List.of("b", "data/a"), ids(Manifest.read(folder)));
    Path secret = Files.write(elsewhere.resolve("secret.wav"), new byte[1]);
    Files.createSymbolicLink(folder.resolve("c.wav"), secret);
    assertEquals(List.of("b", "c", "data/a"), ids(Manifest.read(folder)));
    assertEquals(List.of("b", "c", "data/a"), ids(Manifest.read(folder, ALL)));
    Path tsv = write("m.tsv", folder + "\nc.wav\t1\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(tsv), "m.tsv:2", "c.wav");
  }

  @Test
  void transcriptsInPartsAreToldFromManifests() throws IOException {
    String whisper =
        "{\"text\": \" a b\", \"segments\": [{\"id\": 0, \"seek\": 0, \"start\": 0.0,"
            + " \"end\": 1.5, \"text\": \" a\", \"tokens\": [1, 2]}], \"language\": \"en\"}";
    Path json = write("a.json", whisper);
    assertFails(
        Kind.BAD_DATA, () -> Manifest.read(json), "a.json", "Whisper", "audio_filepath", "offset");
    Path other = write("b.json", "[{\"audio\": \"a.wav\"}]");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(other), "b.json", "one object per line");
    String audio = whisper.replace("{\"text\": \" a b\"", "{\"audio\": \"a.wav\"");
    String chunks =
        "{\"path\": \"a.wav\", \"chunks\": [{\"timestamp\": [0, 1.2], \"text\": \"x\"}]}";
    for (String line : List.of(whisper, audio, chunks)) {
      Path jsonl = write("m.jsonl", line + "\n");
      assertFails(Kind.BAD_DATA, () -> Manifest.read(jsonl), "m.jsonl:1", "Whisper", "duration");
    }
    Path spread = write("s.jsonl", "{\n\"audio\": \"a.wav\"\n}\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(spread), "s.jsonl:1", "one object per line");
    Path label =
        write(
            "l.jsonl", "{\"audio\": \"a.wav\", \"segments\": [{\"word\": \"x\"}], \"turns\": 2}\n");
    assertEquals(
        Map.of("segments", "[{\"word\":\"x\"}]", "turns", "2"),
        Manifest.read(label).utterances().getFirst().fields());
  }

  @Test
  void fairseqTsv() throws IOException {
    touch("audio/x/a.flac");
    Path tsv = write("m.tsv", "audio\r\nx/a.flac\t190800\r\n\nmissing.wav\t7\nplain.wav\n");
    List<Utterance> utterances = Manifest.read(tsv).utterances();
    assertEquals(
        new Utterance("x/a", folder.resolve("audio/x/a.flac"), OptionalLong.of(190_800), Map.of()),
        utterances.getFirst());
    assertEquals(3, utterances.size());
    assertEquals(OptionalLong.empty(), utterances.getLast().samples());
    Path absolute = write("n.tsv", folder.resolve("audio") + "\nx/a.flac\t1\n");
    assertEquals(List.of("x/a"), ids(Manifest.read(absolute)));
  }

  @Test
  void tsvLinesThatAreWrong() throws IOException {
    for (String line :
        List.of(
            "../a.wav\t1",
            "x/../../a.wav\t1",
            "/etc/passwd\t1",
            "a\0b.wav\t1",
            ".\t1",
            "a.wav\t-1",
            "a.wav\tmany",
            "a.wav\t1\t2",
            "x/..\t1",
            "\t5")) {
      Path tsv = write("m.tsv", folder + "\nok.wav\t1\n" + line + "\n");
      assertFails(Kind.BAD_DATA, () -> Manifest.read(tsv), "m.tsv:3");
    }
    Path noRoot = write("m.tsv", "/no/such/root\na.wav\t1\n");
    assertFails(Kind.MISSING_INPUT, () -> Manifest.read(noRoot), "m.tsv:1", "/no/such/root");
    Path onlyRoot = write("m.tsv", folder + "\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(onlyRoot), "no utterance");
    Path empty = write("m.tsv", "");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(empty), "is empty");
    Path table = write("m.tsv", "id\taudio\tn_frames\n0\ta.wav\t5\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(table), "m.tsv:1", "root folder", ".jsonl");
    Path twice = write("m.tsv", folder + "\na.wav\t1\na.flac\t1\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(twice), "id \"a\"");
    Path binary = Files.write(folder.resolve("b.tsv"), new byte[] {'x', (byte) 0xFF, '\n'});
    assertFails(Kind.BAD_DATA, () -> Manifest.read(binary), "UTF-8");
  }

  @Test
  void jsonLines() throws IOException {
    Path jsonl =
        write(
            "m.jsonl",
            """
            {"audio": "x/a.wav", "intent": "on", "duration": 1.5, "slots": {"b": [1]}, "none": null}
            {"path": "b.flac", "id": "speaker/7"}

            {"audio_filepath": "c.flac", "duration": 2}
            """);
    List<Utterance> utterances = Manifest.read(jsonl).utterances();
    assertEquals(List.of("x/a", "speaker/7", "c"), utterances.stream().map(Utterance::id).toList());
    assertEquals(
        Map.of("intent", "on", "duration", "1.5", "slots", "{\"b\":[1]}"),
        utterances.getFirst().fields());
    assertEquals(folder.resolve("b.flac"), utterances.get(1).audio());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"audio\": \"../a.wav\"}",
        "{\"audio\": \"/a.wav\"}",
        "{\"audio\": 5}",
        "{\"audio\": \"\"}",
        "{}",
        "[]",
        "5",
        "{",
        "{\"audio\": \"a.wav\", \"path\": \"a.wav\"}",
        "{\"audio\": \"a.wav\", \"audio\": \"b.wav\"}",
        "{\"audio\": \"a.wav\", \"id\": \"../../x\"}",
        "{\"audio\": \"a.wav\", \"id\": \"/x\"}",
        "{\"audio\": \"a.wav\", \"id\": \"\"}",
        "{\"audio\": \"a.wav\", \"id\": \"a\\\\b\"}",
        "{\"audio\": \"a.wav\", \"id\": \"a\\nb\"}",
        "{\"audio\": \"a\\u0000.wav\"}"
      })
  void jsonLinesThatAreWrong(String line) throws IOException {
    Path jsonl = write("m.jsonl", "{\"audio\": \"ok.wav\"}\n" + line + "\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(jsonl), "m.jsonl:2");
  }

  @Test
  void absolutePathsWhenAllowed() throws IOException {
    Path audio = touch("x/a.wav");
    Path jsonl =
        write("m.jsonl", "{\"audio\": \"" + audio + "\"}\n{\"audio\": \"/other/b.wav\"}\n");
    assertEquals(List.of("x/a", "b"), ids(Manifest.read(jsonl, ALL)));
    assertFails(Kind.BAD_DATA, () -> Manifest.read(jsonl), "m.jsonl:1", "absolute");
  }

  @Test
  void filesNamedOneByOne() throws IOException {
    Path file = touch("x/a.wav");
    assertEquals(
        List.of("a", "none"),
        ids(Manifest.of(List.of(file, folder.resolve("none.flac")), PathRules.STRICT)));
    assertEquals(List.of("x/a"), ids(Manifest.of(List.of(folder), PathRules.STRICT)));
    assertFails(
        Kind.BAD_DATA, () -> Manifest.of(List.of(file, file), PathRules.STRICT), "id \"a\"");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(file), "not a manifest");
  }

  @Test
  void fieldsKeepTheTextOfTheirNumbers() throws IOException {
    touch("a.wav");
    Path file =
        write(
            "m.jsonl",
            "{\"audio\": \"a.wav\", \"label\": 1.10, \"big\": 123456789012345678901234567890,"
                + " \"tiny\": 1e-400, \"list\": [1.50, \"x\"]}\n");
    assertEquals(
        Map.of(
            "label", "1.10",
            "big", "123456789012345678901234567890",
            "tiny", "1e-400",
            "list", "[1.50,\"x\"]"),
        Manifest.read(file).utterances().getFirst().fields());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "[1e400]", "\"\\ud800\"", "{\"x\": \"\\udc00\"}"})
  void fieldsThatCannotBeKeptAreRefused(String label) throws IOException {
    touch("a.wav");
    Path file = write("m.jsonl", "\n{\"audio\": \"a.wav\", \"label\": " + label + "}\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(file), "m.jsonl:2:", "label");
  }

  @Test
  void theColumnFollowsTheLine() throws IOException {
    Path file = write("m.jsonl", "{\"audio\": tru}\n");
    assertFails(Kind.BAD_DATA, () -> Manifest.read(file), "m.jsonl:1:11: unexpected word 'tru'");
  }
}
