package org.duovox.units.corpus;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StreamInfo;
import org.duovox.units.Toy;
import org.duovox.units.ToyFeatures;
import org.duovox.units.UnitStream;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitSet;
import org.duovox.units.sets.UnitSetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CorpusFeaturesTest {
  private static final StreamInfo COARSE = Toy.stream("coarse", 80, 40);
  // Tokens 1, 3, 1 of 2, 1 and 3 frames.
  private static final int[] UNITS = {1, 1, 3, 1, 1, 1};
  private static final float[] FRAMES = {1, 10, 3, 30, 5, 50, 0, 0, 3, 6, 6, 3};

  @TempDir Path folder;

  private UnitSet units(String name, StreamInfo stream, int... units) {
    Path target = folder.resolve(name);
    try (UnitSetWriter writer = new UnitSetWriter(target, stream, 4, Optional.empty(), Map.of())) {
      writer.add(new UtteranceInfo("a", units.length, 7680, Map.of(), ""), units);
      writer.commit();
    }
    return UnitSet.open(target);
  }

  private Corpus build(AlignConfig config, StreamInfo origin, String id, int frames) {
    List<UtteranceInfo> infos = List.of(new UtteranceInfo(id, frames, 7680, Map.of()));
    FeatureLayer layer = ToyFeatures.layer(origin, 2, infos, FRAMES);
    return CorpusBuilder.build(
        units("c", COARSE, UNITS),
        units("f", Toy.stream("fine", 20, 10), IntStream.range(0, 24).map(i -> i % 4).toArray()),
        config,
        Optional.of(new CorpusBuilder.KeptFeatures(layer, FeatureType.FLOAT32)),
        folder.resolve("corpus"),
        done -> {});
  }

  private static float[] read(Corpus corpus, int utterance, int token) {
    TokenFeatures features = corpus.utterance(utterance).features().orElseThrow();
    FloatBuffer target = FloatBuffer.allocate(features.width() + 1);
    features.read(token, 1, target, 1);
    assertEquals(0, target.position());
    float[] values = new float[features.width()];
    target.get(1, values);
    return values;
  }

  @Test
  void aTokenHasTheMeanOfItsFrames() {
    Corpus corpus = build(AlignConfig.defaults(), COARSE, "a", 6);
    assertArrayEquals(new float[] {2, 20}, read(corpus, 0, 0));
    assertArrayEquals(new float[] {5, 50}, read(corpus, 0, 1));
    assertArrayEquals(new float[] {3, 3}, read(corpus, 0, 2));
    CorpusManifest.Features known = corpus.features().orElseThrow();
    assertEquals(2, known.width());
    assertEquals("coarse", known.features().layer());
    assertEquals(FeatureType.FLOAT32, known.dtype());
    assertEquals(64, known.sha256().length());
  }

  @Test
  void unmergedTokensKeepTheirFrame() {
    Corpus corpus = build(new AlignConfig(false, true, false), COARSE, "a", 6);
    assertEquals(6, corpus.utterance(0).tokens());
    assertArrayEquals(new float[] {3, 30}, read(corpus, 0, 1));
    assertArrayEquals(new float[] {6, 3}, read(corpus, 0, 5));
  }

  @Test
  void featuresThatDoNotBelongAreRefused() {
    AlignConfig config = AlignConfig.defaults();
    assertFails(Kind.BAD_DATA, () -> build(config, COARSE, "a", 5), "'a' has 5 frames", "6");
    Path corpus = folder.resolve("corpus");
    assertFalse(Files.exists(corpus));
    org.duovox.io.atomic.AtomicFiles.discard(folder.resolve("c"));
    org.duovox.io.atomic.AtomicFiles.discard(folder.resolve("f"));
    assertFails(Kind.BAD_DATA, () -> build(config, COARSE, "b", 6), "'a' has no contextual");
    org.duovox.io.atomic.AtomicFiles.discard(folder.resolve("c"));
    org.duovox.io.atomic.AtomicFiles.discard(folder.resolve("f"));
    StreamInfo other = Toy.stream("other", 80, 40);
    assertFails(Kind.BAD_DATA, () -> build(config, other, "a", 6), "layer 'other'");
    assertFalse(Files.exists(corpus));
  }

  @Test
  void halvesAreRoundedAndViewsKeepThem() {
    Corpus memory = Toy.corpus(6, 9, 7);
    Corpus corpus = ToyFeatures.write(folder.resolve("a"), memory, FeatureType.FLOAT16, 0);
    Corpus exact = ToyFeatures.write(folder.resolve("b"), memory, FeatureType.FLOAT32, 0);
    float[] rounded = read(corpus, 5, 2);
    float[] whole = read(exact, 5, 2);
    for (int i = 0; i < whole.length; i++) {
      assertEquals(Float.float16ToFloat(Float.floatToFloat16(whole[i])), rounded[i]);
    }
    Corpus some = exact.select(IntStream.of(5, 0)).inMemory();
    assertArrayEquals(whole, read(some, 0, 2));
    assertArrayEquals(whole, read(exact.single(UnitStream.CONTEXTUAL), 5, 2));
    assertTrue(exact.single(UnitStream.PHONETIC).features().isEmpty());
    assertTrue(exact.single(UnitStream.PHONETIC).utterance(0).features().isEmpty());
    assertNotEquals(
        corpus.features().orElseThrow().sha256(), exact.features().orElseThrow().sha256());
  }

  @Test
  void whatIsTooLargeForHalvesIsRefused() {
    Corpus memory = Toy.corpus(2, 9, 7);
    assertFails(
        Kind.BAD_DATA,
        () -> ToyFeatures.write(folder.resolve("a"), memory, FeatureType.FLOAT16, 70_000),
        "too large for float16",
        "'u0'");
    assertFalse(Files.exists(folder.resolve("a")));
  }

  @Test
  void aFileThatDoesNotFitIsRefused() throws Exception {
    Path target = folder.resolve("a");
    ToyFeatures.write(target, Toy.corpus(2, 9, 7), FeatureType.FLOAT32, 0);
    Path file = target.resolve("features-00000.safetensors");
    Files.delete(file);
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("means", new long[] {1, 6}, new float[6]);
      writer.commit();
    }
    assertFails(Kind.BAD_DATA, () -> Corpus.open(target), "features of 1");
    Files.delete(file);
    assertFails(Kind.MISSING_INPUT, () -> Corpus.open(target), "features-00000");
  }

  @Test
  void neighborsAreReadAtOnceAndMustBeFinite() throws Exception {
    Path target = folder.resolve("a");
    Corpus corpus = ToyFeatures.write(target, Toy.corpus(2, 9, 7), FeatureType.FLOAT32, 0);
    TokenFeatures features = corpus.utterance(1).features().orElseThrow();
    FloatBuffer all = FloatBuffer.allocate(3 * features.width());
    features.read(1, 3, all, 0);
    for (int t = 0; t < 3; t++) {
      float[] row = new float[features.width()];
      all.get(t * features.width(), row);
      assertArrayEquals(read(corpus, 1, 1 + t), row);
    }
    Path file = target.resolve("features-00000.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - Float.BYTES, Float.NaN);
    Files.write(file, bytes);
    Corpus spoiled = Corpus.open(target);
    int last = spoiled.utterance(1).tokens() - 1;
    assertFails(
        Kind.BAD_DATA, () -> read(spoiled, 1, last), "features-00000.safetensors: row", "NaN");
  }
}
