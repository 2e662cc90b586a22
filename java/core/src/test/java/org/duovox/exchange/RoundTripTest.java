package org.duovox.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.duovox.audio.manifest.PathRules;
import org.duovox.io.TextLines.End;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitSet;
import org.duovox.units.sets.UnitSetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random unit sets, written in every format and read again.
final class RoundTripTest {
  private static final StreamInfo STREAM = new StreamInfo("mine", "x", "", "", "imported", 20, 10);
  private static final int CODES = 50;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void fairseqKeepsIdsOrderUnitsSamplesAndVocabulary(long seed) throws IOException {
    UnitSet set = random(seed, Map.of());
    Path out = folder.resolve("fairseq");
    new UnitExport(set).fairseq(out, "dev", "/data/speech", ".flac");
    UnitSet back =
        imported(
            new FairseqUnits(
                FairseqTsv.read(out.resolve("dev.tsv"), End.EXPECTED, PathRules.STRICT),
                List.of(out.resolve("dev.km")),
                out.resolve("dict.km.txt"),
                End.EXPECTED));
    assertSame(set, back, true);
    assertEquals(CODES, back.manifest().vocabulary());
    assertEquals("/data/speech", back.manifest().source().get("root"));
    // Written again, every file is the same to the byte.
    new UnitExport(back).fairseq(folder.resolve("again"), "dev", null, ".wav");
    for (String name : List.of("dev.tsv", "dev.km", "dict.km.txt")) {
      assertArrayEquals(
          Files.readAllBytes(out.resolve(name)),
          Files.readAllBytes(folder.resolve("again").resolve(name)),
          name);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void jsonlKeepsEverything(long seed) {
    for (boolean merge : new boolean[] {false, true}) {
      UnitSet set = random(seed, Map.of("speaker", "a \"quoted\" é", "units", "not the units"));
      Path file = folder.resolve("units.jsonl");
      new UnitExport(set).jsonl(file, merge);
      UnitSet back = imported(new JsonlUnits(file));
      assertSame(set, back, true);
      for (int i = 0; i < set.utterances().size(); i++) {
        assertEquals(set.utterances().get(i).fields(), back.utterances().get(i).fields());
        assertEquals(set.utterances().get(i).audioSha256(), back.utterances().get(i).audioSha256());
      }
      assertEquals(set.manifest().unitsSha256(), back.manifest().unitsSha256());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11})
  void linesOfNamesKeepIdsOrderAndUnits(long seed) {
    UnitSet set = random(seed, Map.of());
    Path zero = folder.resolve("quantized_outputs.txt");
    new UnitExport(set).zeroSpeech(zero);
    assertSame(set, imported(new ZeroSpeechUnits(zero, null, End.EXPECTED)), false);
    Path gslm = folder.resolve("units.txt");
    new UnitExport(set).gslm(gslm);
    assertSame(set, imported(new GslmUnits(gslm, null, End.EXPECTED)), false);
    // With a manifest the lengths come back, too.
    new UnitExport(set).fairseq(folder.resolve("f"), "dev", ".", ".wav");
    FairseqTsv tsv = FairseqTsv.read(folder.resolve("f/dev.tsv"), End.EXPECTED, PathRules.STRICT);
    assertSame(set, imported(new GslmUnits(gslm, tsv, End.EXPECTED)), true);
  }

  @Test
  void codesOfSeveralGroupsComeBackAsTheyWere() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int u = 0; u < 30; u++) {
      String units =
          String.join(
              ",",
              IntStream.range(0, 1 + random.nextInt(40))
                  .mapToObj(i -> random.nextInt(320) + "-" + random.nextInt(12))
                  .toList());
      lines.add("s2107-" + u + "\t" + units);
    }
    Path file = Files.write(folder.resolve("quantized_outputs.txt"), lines);
    UnitSet set = imported(new ZeroSpeechUnits(file, null, End.EXPECTED));
    long distinct =
        lines.stream()
            .flatMap(l -> List.of(l.split("\t")[1].split(",")).stream())
            .distinct()
            .count();
    assertEquals(distinct, set.manifest().vocabulary());
    assertEquals(distinct, set.countUnits().use().used());
    Path back = folder.resolve("back.txt");
    new UnitExport(set).zeroSpeech(back);
    assertEquals(lines, Files.readAllLines(back));
  }

  @Test
  void fieldsOfOtherToolkitsAreRead() throws IOException {
    Path file = folder.resolve("slamkit.jsonl");
    Files.writeString(
        file,
        """
        {"file_name": "a/one.wav", "units": [7, 8, 7], "duration": [2, 1, 3], "text": "hello"}
        {"file_name": "a/two.wav", "units": "3 3 4", "duration": 1.5}
        {"file_name": "a/three.wav", "audio_repr": "<Un3><Un49>"}\
        """);
    UnitSet set = imported(new JsonlUnits(file));
    assertEquals(
        List.of("a/one", "a/two", "a/three"), set.utterances().stream().map(u -> u.id()).toList());
    assertArrayEquals(new int[] {7, 7, 8, 7, 7, 7}, set.units(0));
    assertArrayEquals(new int[] {3, 3, 4}, set.units(1));
    assertArrayEquals(new int[] {3, 49}, set.units(2));
    assertEquals(
        Map.of("file_name", "a/one.wav", "text", "hello"), set.utterances().get(0).fields());
    assertEquals("1.5", set.utterances().get(1).fields().get("duration"));
    assertEquals(50, set.manifest().vocabulary());
  }

  @Test
  void utterancesWithoutAFrameAreLeftOutAndNamed() throws IOException {
    Path target = folder.resolve("short");
    try (UnitSetWriter writer = new UnitSetWriter(target, STREAM, 3, Optional.empty(), Map.of())) {
      writer.add("none", new int[0], 10, Map.of());
      writer.add("some", new int[] {1, 2}, 640, Map.of());
      writer.commit();
    }
    UnitExport export = new UnitExport(UnitSet.open(target));
    export.gslm(folder.resolve("short.txt"));
    assertEquals("some|1 2\n", Files.readString(folder.resolve("short.txt")));
    assertEquals(List.of("none"), export.empty());
  }

  @Test
  void theCodebookGoesAlong() {
    UnitSet set = random(1, Map.of());
    Path file = folder.resolve("u.jsonl");
    new UnitExport(set).jsonl(file, true);
    Codebook codebook = new Codebook(new float[2 * CODES], CODES, STREAM, Map.of());
    UnitSet back =
        UnitImport.run(
            new JsonlUnits(file),
            STREAM,
            OptionalInt.empty(),
            Optional.of(codebook),
            folder.resolve("with"));
    assertEquals(codebook.sha256(), back.manifest().codebookSha256());
    assertEquals(CODES, back.manifest().vocabulary());
    assertTrue(back.codebook().isPresent());
  }

  private UnitSet imported(UnitReader reader) {
    return UnitImport.run(
        reader, STREAM, OptionalInt.empty(), Optional.empty(), folder.resolve("imported"));
  }

  /// A set with ids in folders, runs, and lengths that fit the units.
  private UnitSet random(long seed, Map<String, String> fields) {
    Random random = new Random(seed);
    Path target = folder.resolve("set");
    try (UnitSetWriter writer =
        new UnitSetWriter(target, STREAM, CODES, Optional.empty(), Map.of())) {
      for (int u = 0; u < 40; u++) {
        int[] units = new int[1 + random.nextInt(300)];
        for (int i = 0; i < units.length; i++) {
          units[i] = i > 0 && random.nextInt(3) > 0 ? units[i - 1] : random.nextInt(CODES);
        }
        String id = "dir " + u % 3 + "/ütt.v" + random.nextInt(1000) + "_" + u;
        Map<String, String> all = new TreeMap<>(fields);
        String sum = fields.isEmpty() ? "" : "%064x".formatted(u);
        long samples = units.length * 320L + random.nextInt(320);
        writer.add(new UtteranceInfo(id, units.length, samples, all, sum), units);
      }
      writer.commit();
    }
    return UnitSet.open(target);
  }

  private static void assertSame(UnitSet expected, UnitSet found, boolean lengths) {
    assertEquals(expected.utterances().size(), found.utterances().size());
    for (int i = 0; i < expected.utterances().size(); i++) {
      UtteranceInfo info = expected.utterances().get(i);
      assertEquals(info.id(), found.utterances().get(i).id());
      assertArrayEquals(expected.units(i), found.units(i), info.id());
      assertEquals(lengths ? info.samples() : 0, found.utterances().get(i).samples());
    }
  }
}
