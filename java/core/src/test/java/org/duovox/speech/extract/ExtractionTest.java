package org.duovox.speech.extract;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.duovox.io.Hashes;
import org.duovox.speech.FakeEncoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionTest {
  private static final AudioLoader LOADER = new AudioLoader(List.of(new WavDecoder()));
  @TempDir Path root;
  private final List<Utterance> utterances = new ArrayList<>();
  private final Random random = new Random(3);

  private float[] add(String id, int samples) {
    float[] values = new float[samples];
    for (int i = 0; i < samples; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    add(id, values);
    return values;
  }

  private void add(String id, float... samples) {
    Path file = root.resolve("audio").resolve(utterances.size() + ".wav");
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    WavWriter.writeFloat(file, new Audio(samples, 16_000));
    utterances.add(new Utterance(id, file, OptionalLong.empty(), Map.of("speaker", "s" + id)));
  }

  private FeatureManifest extract(ExtractionOptions options, int parallelism, String out) {
    return new Extraction(
            UtteranceLoader.files(LOADER),
            new FakeEncoder(parallelism),
            options,
            ExtractionListener.NONE)
        .writeFeatures(new Manifest(utterances, "test"), root.resolve(out));
  }

  private static ExtractionOptions options(double bad, long shard, Layer... layers) {
    return new ExtractionOptions(List.of(layers), bad, shard);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void writesEveryLayerInTheOrderOfTheManifest(int parallelism) {
    List<float[]> audio = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      audio.add(add("zürich/日本 " + (97 * i % 40), 320 + 777 * (i % 7)));
    }
    extract(options(0.1, 1000, FakeEncoder.FINE, FakeEncoder.COARSE), parallelism, "out");
    try (FeatureSet set = FeatureSet.open(root.resolve("out"))) {
      set.verify();
      assertEquals(
          utterances.stream().map(Utterance::id).toList(),
          set.utterances().stream().map(FeatureEntry::id).toList());
      assertTrue(set.manifest().shards().size() > 3);
      FakeEncoder encoder = new FakeEncoder(1);
      for (int i = 0; i < 40; i++) {
        FeatureEntry entry = set.utterances().get(i);
        assertEquals(audio.get(i).length, entry.samples());
        assertEquals(Map.of("speaker", "s" + entry.id()), entry.fields());
        assertEquals(sum(audio.get(i)), entry.audioSha256());
        for (String layer : List.of("fine", "coarse")) {
          Frames expected = encoder.encode(audio.get(i), List.of(layer)).get(layer);
          assertEquals(expected, set.read(entry.id(), layer));
        }
      }
    }
  }

  private static String sum(float[] samples) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : samples) {
      bytes.putFloat(sample);
    }
    return Hashes.sha256(bytes.array());
  }

  @Test
  void threadsAndRepetitionGiveTheSameBytes() throws IOException {
    for (int i = 0; i < 30; i++) {
      add("u" + i, 400 + 31 * i);
    }
    ExtractionOptions options = options(0, 3000, FakeEncoder.FINE);
    extract(options, 1, "one");
    extract(options, 3, "three");
    try (Stream<Path> files = Files.list(root.resolve("one"))) {
      for (Path file : files.toList()) {
        Path other = root.resolve("three").resolve(file.getFileName());
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(other), file.toString());
      }
    }
  }

  @Test
  void unusableUtterancesAreSkippedCountedAndNamed() throws IOException {
    for (int i = 0; i < 8; i++) {
      add("good" + i, 500);
    }
    add("short", 319);
    add("loud", new float[] {3f});
    float[] loud = new float[400];
    loud[160] = 3;
    add("hot", loud);
    add("text", 500);
    Files.writeString(utterances.getLast().audio(), "no audio at all");
    utterances.add(new Utterance("gone", root.resolve("gone.wav"), OptionalLong.empty(), Map.of()));
    List<SkippedUtterance> heard = new ArrayList<>();
    ExtractionListener listener =
        new ExtractionListener() {
          @Override
          public void progress(int done, int total, double seconds) {
            assertEquals(13, total);
          }

          @Override
          public void skipped(SkippedUtterance utterance) {
            heard.add(utterance);
          }
        };
    FeatureManifest manifest =
        new Extraction(
                UtteranceLoader.files(LOADER),
                new FakeEncoder(2),
                options(0.5, 1000, FakeEncoder.FINE),
                listener)
            .writeFeatures(new Manifest(utterances, "test"), root.resolve("out"));
    assertEquals(5, manifest.skipped());
    assertEquals(8, manifest.utterances());
    try (FeatureSet set = FeatureSet.open(root.resolve("out"))) {
      assertEquals(heard, set.skipped());
      List<String> ids = heard.stream().map(SkippedUtterance::id).toList();
      assertEquals(List.of("short", "loud", "hot", "text", "gone"), ids);
      assertTrue(heard.get(0).reason().contains("319 samples"), heard.get(0).reason());
      assertTrue(heard.get(2).reason().contains("frame 1 of fine"), heard.get(2).reason());
    }
  }

  @Test
  void tooManyUnusableUtterancesFailTheRunAndLeaveNothing() throws IOException {
    for (int i = 0; i < 8; i++) {
      add("good" + i, 500);
    }
    add("short1", 100);
    add("short2", 100);
    assertFails(
        Kind.BAD_DATA,
        () -> extract(options(0.1, 1000, FakeEncoder.FINE), 2, "out"),
        "2 of 10",
        "short1: too short",
        "--max-bad-fraction");
    assertFalse(Files.exists(root.resolve("out")));
    try (Stream<Path> left = Files.list(root)) {
      assertEquals(List.of(root.resolve("audio")), left.toList());
    }
  }

  @Test
  void nothingUsableFailsWhateverIsAllowed() {
    add("short", 100);
    assertFails(
        Kind.BAD_DATA, () -> extract(options(1, 1000, FakeEncoder.FINE), 1, "out"), "short: too");
  }

  @Test
  void anInterruptedRunLeavesNothing() {
    add("a", 500);
    Thread.currentThread().interrupt();
    try {
      assertFails(Kind.RETRY, () -> extract(options(0, 1000, FakeEncoder.FINE), 1, "out"), "again");
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertFalse(Files.exists(root.resolve("out")));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertFails(Kind.BAD_CONFIG, () -> options(1.5, 1, FakeEncoder.FINE), "1.5");
    assertFails(Kind.BAD_CONFIG, () -> options(0, 1), "layer");
  }
}
