package org.duovox.exchange;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.TextLines.End;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that other programs and editors have been through: marks, blanks and blank lines that mean
/// nothing, and paths of another machine.
final class LenientUnitsTest {
  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> ids(UnitReader reader) {
    List<String> ids = new ArrayList<>();
    reader.read((info, units, where) -> ids.add(info.id() + ":" + units.length));
    return ids;
  }

  /// What `features` takes, `import` takes, and the same of it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".\na.wav\t1200\nb/c.wav\t1600\n",
        "\uFEFF.\na.wav\t1200\nb/c.wav\t1600\n",
        ".\r\na.wav\t1200\r\nb/c.wav\t1600\r\n",
        ".\na.wav\t1200 \nb/c.wav\t 1600",
        "\n. \n\na.wav\t1200.0\n\nb/c.wav\t1600.\n\n\n",
        ".\na.wav\t1200\t\nb/c.wav\t1600\t \n"
      })
  void oneReaderOfTsvInBothVerbs(String text) throws IOException {
    Path tsv = write("u.tsv", text);
    List<Utterance> audio = Manifest.read(tsv).utterances();
    List<FairseqTsv.Row> rows = FairseqTsv.read(tsv, End.EXPECTED, PathRules.STRICT).rows();
    assertEquals(List.of("a", "b/c"), audio.stream().map(Utterance::id).toList());
    assertEquals(List.of("a", "b/c"), rows.stream().map(FairseqTsv.Row::id).toList());
    assertEquals(1600, audio.getLast().samples().orElseThrow());
    assertEquals(1600, rows.getLast().samples());
  }

  @Test
  void blanksAndMarksInLabels() throws IOException {
    Path tsv = write("u.tsv", ".\na.wav\t1200\nb/c.wav\t1600\n");
    Path km = write("u.km", "\uFEFF1 2 3 \r\n 1 2 3 4\t\n\n \n".replace("\t", ""));
    Path dict = write("dict.km.txt", "\uFEFF1 5\n2 5 \n3\t5\n4  1\n\n");
    assertEquals(
        List.of("a:3", "b/c:4"),
        ids(
            new FairseqUnits(
                FairseqTsv.read(tsv, End.EXPECTED, PathRules.STRICT),
                List.of(km),
                dict,
                End.EXPECTED)));
    Path zero = write("quantized_outputs.txt", "\uFEFFa\t1,2 \r\n\nb\t3\n\n");
    assertEquals(List.of("a:2", "b:1"), ids(new ZeroSpeechUnits(zero, null, End.EXPECTED)));
    Path gslm = write("g.txt", "\uFEFFa|1 2 \n\nb|3\n");
    assertEquals(List.of("a:2", "b:1"), ids(new GslmUnits(gslm, null, End.EXPECTED)));
    Path jsonl =
        write(
            "u.jsonl",
            "\uFEFF{\"id\": \"a\", \"units\": [1, 2]}\n\n{\"id\": \"b\", \"units\": [1]}");
    assertEquals(List.of("a:2", "b:1"), ids(new JsonlUnits(jsonl)));
  }

  @Test
  void absolutePathsHaveAWayIn() throws IOException {
    Path jsonl = write("u.jsonl", "{\"file_name\": \"/data/libri/x/a.flac\", \"units\": [1, 2]}\n");
    assertFails(
        Kind.BAD_DATA, () -> ids(new JsonlUnits(jsonl)), "u.jsonl:1", "--root", "--allow-absolute");
    assertEquals(List.of("x/a:2"), ids(new JsonlUnits(jsonl, PathRules.of(false, "/data/libri"))));
    assertEquals(
        List.of("x/a:2"), ids(new JsonlUnits(jsonl, PathRules.of(false, "/data/libri=/new"))));
    assertEquals(List.of("a:2"), ids(new JsonlUnits(jsonl, PathRules.of(true, null))));
    assertFails(
        Kind.BAD_DATA, () -> ids(new JsonlUnits(jsonl, PathRules.of(false, "/other"))), "--root");
    Path tsv = write("u.tsv", "/gone\n/data/libri/x/a.flac\t1200\n");
    assertFails(
        Kind.BAD_DATA,
        () -> FairseqTsv.read(tsv, End.EXPECTED, PathRules.STRICT),
        "u.tsv:2",
        "--root");
    assertEquals(
        "x/a",
        FairseqTsv.read(tsv, End.EXPECTED, PathRules.of(false, "/data/libri"))
            .rows()
            .getFirst()
            .id());
  }

  @Test
  void fieldsKeepTheTextOfTheirNumbers() throws IOException {
    Path file =
        write(
            "u.jsonl",
            "{\"id\": \"a\", \"units\": [1], \"score\": 1.50, \"fields\": {\"label\": 1e5, \"n\": 0.10}}\n");
    new JsonlUnits(file)
        .read((info, units, where) ->
            assertEquals(Map.of("score", "1.50", "label", "1e5", "n", "0.10"), info.fields()));
    Path beyond =
        write("v.jsonl", "{\"id\": \"a\", \"units\": [1], \"fields\": {\"label\": 1e400}}\n");
    assertFails(Kind.BAD_DATA, () -> ids(new JsonlUnits(beyond)), "v.jsonl:1:", "\"fields/label\"");
  }
}
