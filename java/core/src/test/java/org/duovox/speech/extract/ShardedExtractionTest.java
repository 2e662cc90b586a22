package org.duovox.speech.extract;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.WavWriter;
import org.duovox.audio.decode.WavDecoder;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.FakeEncoder;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.ShardIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedExtractionTest {
  private static final AudioLoader LOADER = new AudioLoader(List.of(new WavDecoder()));

  @TempDir Path root;
  private final List<Utterance> utterances = new ArrayList<>();
  private final Random random = new Random(11);

  @BeforeEach
  void writeAudio() throws IOException {
    for (int i = 0; i < 23; i++) {
      Path file = root.resolve("audio/" + i + ".wav");
      float[] samples = new float[320 + random.nextInt(9000)];
      for (int k = 0; k < samples.length; k++) {
        samples[k] = random.nextFloat() - 0.5f;
      }
      WavWriter.writeFloat(file, new Audio(samples, 16_000));
      utterances.add(new Utterance("dir/u" + i, file, OptionalLong.empty(), Map.of("n", "" + i)));
    }
    Files.writeString(utterances.get(5).audio(), "no audio");
    Files.delete(utterances.get(20).audio());
  }

  private static ExtractionOptions options() {
    return new ExtractionOptions(List.of(FakeEncoder.FINE, FakeEncoder.COARSE), 0.1, 2500);
  }

  private ShardedExtraction.Result part(String text, ExtractionOptions options, String out) {
    return ShardedExtraction.run(
        new Manifest(utterances, "test"),
        LOADER,
        new FakeEncoder(2),
        options,
        ShardIndex.parse(text),
        root.resolve(out),
        false,
        ExtractionListener.NONE);
  }

  private void merge(String parts, String out) {
    FeatureMerge.run(root.resolve(parts), root.resolve(out), (done, total) -> {});
  }

  private void whole(ExtractionOptions options) {
    new Extraction(
            UtteranceLoader.files(LOADER), new FakeEncoder(1), options, ExtractionListener.NONE)
        .writeFeatures(new Manifest(utterances, "test"), root.resolve("whole"));
  }

  private void requireSameBytes(String one, String other) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(one));
        Stream<Path> others = Files.list(root.resolve(other))) {
      List<Path> all = files.toList();
      assertEquals(all.size(), others.count());
      for (Path file : all) {
        Path second = root.resolve(other).resolve(file.getFileName());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(second), file.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40})
  void anyNumberOfPartsMergesToTheBytesOfOneRun(int count) throws IOException {
    whole(options());
    for (int i = count - 1; i >= 0; i--) {
      part(i + "/" + count, options(), "parts");
    }
    merge("parts", "merged");
    requireSameBytes("whole", "merged");
  }

  @Test
  void longUtterancesInSegmentsMergeToo() throws IOException {
    ExtractionOptions cut = options().withMaxSegment(0.1);
    whole(cut);
    part("0/2", cut, "parts");
    part("1/2", cut, "parts");
    merge("parts", "merged");
    requireSameBytes("whole", "merged");
  }

  @Test
  void blocksAreFairseqs() {
    List<Integer> items = java.util.stream.IntStream.range(0, 5).boxed().toList();
    // Python: [round(5 / 2 * r) for r in range(3)] == [0, 2, 5], halves to even.
    assertEquals(List.of(0, 1), new ShardIndex(0, 2).of(items));
    assertEquals(List.of(2, 3, 4), new ShardIndex(1, 2).of(items));
    assertEquals(List.of(), new ShardIndex(2, 7).of(List.of()));
    assertFails(Kind.USAGE, () -> ShardIndex.parse("7/7"), "0 to N-1");
    assertFails(Kind.USAGE, () -> ShardIndex.parse("1of7"), "i/N");
    assertFails(Kind.USAGE, () -> ShardIndex.parse("0/0"), "N is 1");
  }

  @Test
  void aFinishedPartIsVerifiedADamagedOneMadeAgain() throws IOException {
    assertFalse(part("1/3", options(), "parts").verified());
    assertTrue(part("1/3", options(), "parts").verified());
    Path folder = part("1/3", options(), "parts").folder();
    for (String name :
        List.of("features-00000.safetensors", "index.jsonl", "manifest.json", "shard.json")) {
      Path file = folder.resolve(name);
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      Files.write(file, bad);
      ShardedExtraction.Result again = part("1/3", options(), "parts");
      assertFalse(again.verified(), name);
      assertFalse(again.redone().isEmpty(), name);
      assertArrayEquals(good, Files.readAllBytes(file), name);
    }
    Files.delete(folder.resolve("errors.jsonl"));
    assertFalse(part("1/3", options(), "parts").verified());
    assertTrue(part("1/3", options(), "parts").verified());
  }

  @Test
  void changedAudioIsReadAgainOtherSettingsAreRefused() {
    part("0/3", options(), "parts");
    WavWriter.writeFloat(utterances.get(5).audio(), new Audio(new float[700], 16_000));
    ShardedExtraction.Result again = part("0/3", options(), "parts");
    assertTrue(again.redone().contains("audio"), again.redone());
    assertEquals(0, again.manifest().skipped());
    ExtractionOptions fine = ExtractionOptions.of(List.of(FakeEncoder.FINE));
    assertFails(Kind.BAD_CONFIG, () -> part("0/3", fine, "parts"), "layers", "--out");
    assertFails(
        Kind.BAD_CONFIG, () -> part("0/3", options().withMaxSegment(1), "parts"), "segments of 1");
    assertFails(Kind.BAD_CONFIG, () -> part("0/2", options(), "parts"), "a part of 3");
    utterances.remove(22);
    assertFails(Kind.BAD_CONFIG, () -> part("0/3", options(), "parts"), "another manifest");
    whole(options());
    assertFails(Kind.BAD_CONFIG, () -> part("0/3", options(), "whole"), "finished feature set");
  }

  @Test
  void unmergedAndIncompletePartsSayWhatToDo() throws IOException {
    assertFails(Kind.MISSING_INPUT, () -> merge("parts", "out"), "--shard");
    part("0/3", options(), "parts");
    part("2/3", options(), "parts");
    assertFails(
        Kind.MISSING_INPUT,
        () -> FeatureSet.open(root.resolve("parts")),
        "2 of 3 parts",
        "duovox merge");
    assertFails(Kind.MISSING_INPUT, () -> merge("parts", "out"), "1 of 3", "1/3");
    assertFalse(Files.exists(root.resolve("out")));
    part("1/3", options(), "parts");
    Path tensors = root.resolve("parts/shards/00001-of-00003/features-00000.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);
    assertFails(Kind.BAD_DATA, () -> merge("parts", "out"), "SHA-256");
    assertFalse(Files.exists(root.resolve("out")));
  }

  @Test
  void partsOfDifferentRunsAreNotMixed() throws IOException {
    part("0/2", options(), "a");
    part("1/2", options().withMaxSegment(1), "b");
    Files.move(root.resolve("b/shards/00001-of-00002"), root.resolve("a/shards/00001-of-00002"));
    assertFails(Kind.BAD_DATA, () -> merge("a", "out"), "chunking", "whole");
  }

  @Test
  void theShareOfBadFilesIsThatOfTheWholeManifest() throws IOException {
    ExtractionOptions strict = new ExtractionOptions(List.of(FakeEncoder.FINE), 0.05, 1 << 20);
    // Two of 23 are bad: each part may have one (23 * 0.05 = 1.15), the whole may not have two.
    part("0/2", strict, "parts");
    part("1/2", strict, "parts");
    assertFails(Kind.BAD_DATA, () -> merge("parts", "out"), "2 of 23");
    Files.delete(utterances.get(1).audio());
    assertFails(Kind.BAD_DATA, () -> part("0/2", strict, "more"), "2 of 23", "so far");
    try (Stream<Path> left = Files.list(root.resolve("more/shards"))) {
      assertEquals(0, left.count());
    }
  }
}
