package org.duovox.units.kmeans;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeRuntime;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.Toy;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KMeansFitTest {
  @TempDir Path folder;

  @Test
  void findsSeparatedClouds() {
    KMeansFit.Result result = KMeansFit.fit(Toy.features(20, 50, 3, 8), KMeansConfig.of(8, 1));
    Set<List<Integer>> corners = new HashSet<>();
    float[] centroids = result.codebook().centroids();
    for (int c = 0; c < 8; c++) {
      List<Integer> corner = new ArrayList<>();
      for (int d = 0; d < 3; d++) {
        corner.add(Math.round(centroids[3 * c + d] / 10));
        assertEquals(corner.get(d) * 10, centroids[3 * c + d], 0.1);
      }
      corners.add(corner);
    }
    assertEquals(8, corners.size());
    assertEquals(0.03, result.meanSquaredDistance(), 0.01);
    assertEquals(1000, result.rows());
    assertTrue(result.warnings().isEmpty(), result.warnings().toString());
  }

  @Test
  void sameSeedGivesTheSameBytesWhateverTheBatchBoundaries() {
    KMeansConfig config = new KMeansConfig(6, 3, 37, 2, 4, 0, 50, 1, 1);
    float[] first = KMeansFit.fit(Toy.features(20, 50, 4, 16), config).codebook().centroids();
    float[] second = KMeansFit.fit(Toy.features(20, 50, 4, 16), config).codebook().centroids();
    assertArrayEquals(first, second);
    KMeansConfig other = new KMeansConfig(6, 4, 37, 2, 4, 0, 50, 1, 1);
    assertNotEquals(
        Arrays.toString(first),
        Arrays.toString(KMeansFit.fit(Toy.features(20, 50, 4, 16), other).codebook().centroids()));
  }

  @Test
  void threadsDoNotChangeABit() {
    FeatureLayer features = Toy.features(40, 100, 24, 512);
    KMeansConfig config = new KMeansConfig(50, 3, 1000, 2, 4, 0, 500, 1, 2);
    int threads = NativeRuntime.info().threads();
    try {
      NativeRuntime.setThreads(1);
      float[] one = KMeansFit.fit(features, config).codebook().centroids();
      NativeRuntime.setThreads(3);
      assertArrayEquals(one, KMeansFit.fit(features, config).codebook().centroids());
    } finally {
      NativeRuntime.setThreads(threads);
    }
  }

  @Test
  void bestOfSeveralStartsIsBetterThanTheFirst() {
    FeatureLayer features = Toy.features(20, 50, 6, 64);
    double one = 0;
    double ten = 0;
    for (int seed = 0; seed < 4; seed++) {
      one += inertia(features, seed, 1);
      ten += inertia(features, seed, 10);
    }
    assertTrue(ten < one, ten + " against " + one);
  }

  private static double inertia(FeatureLayer features, int seed, int starts) {
    KMeansConfig config = new KMeansConfig(40, seed, 1000, 0, 1, 0, 1000, 1, starts);
    return KMeansFit.fit(features, config).meanSquaredDistance();
  }

  @Test
  void aShareReadsSoManyFramesAndDependsOnTheSeed() {
    FeatureLayer features = Toy.features(40, 25, 3, 8);
    KMeansConfig tenth = new KMeansConfig(4, 1, 100, 1, 2, 0, 50, 0.1, 1);
    assertEquals(100, KMeansFit.fit(features, tenth).rows());
    assertEquals("4", KMeansFit.fit(features, tenth).codebook().fit().get("utterances"));
    KMeansConfig other = new KMeansConfig(4, 2, 100, 1, 2, 0, 50, 0.1, 1);
    assertNotEquals(
        KMeansFit.fit(features, tenth).codebook().sha256(),
        KMeansFit.fit(features, other).codebook().sha256());
  }

  @Test
  void subsetIsFittedWithoutTheOthers() {
    List<UtteranceInfo> infos =
        List.of(
            new UtteranceInfo("a", 2, 1, Map.of("speaker", "train")),
            new UtteranceInfo("b", 2, 1, Map.of("speaker", "test")));
    FeatureLayer features =
        Toy.layer(infos, List.of(new float[] {1, 3}, new float[] {1000, 3000}), 1);
    KMeansFit.Result result =
        KMeansFit.fit(
            features,
            KMeansConfig.of(2, 0),
            u -> u.fields().get("speaker").equals("train"),
            KMeansListener.NONE);
    float[] centroids = result.codebook().centroids();
    Arrays.sort(centroids);
    assertArrayEquals(new float[] {1, 3}, centroids);
  }

  @Test
  void fewerFramesThanClustersNamesBothNumbers() {
    DuovoxException few =
        assertThrows(
            DuovoxException.class,
            () -> KMeansFit.fit(Toy.features(2, 5, 3, 4), KMeansConfig.of(11, 0)));
    assertTrue(few.getMessage().contains("11 clusters on 10 frames"), few.getMessage());
  }

  @Test
  void framesThatAreNotFiniteAreRefusedByName() {
    List<UtteranceInfo> infos = List.of(new UtteranceInfo("broken", 2, 1, Map.of()));
    FeatureLayer features = Toy.layer(infos, List.of(new float[] {1, Float.NaN}), 1);
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> KMeansFit.fit(features, KMeansConfig.of(1, 0)));
    assertTrue(error.getMessage().startsWith("broken: frame 1"), error.getMessage());
  }

  @Test
  void listenerSeesEveryPhase() {
    Set<KMeansListener.Phase> phases = new HashSet<>();
    KMeansFit.fit(
        Toy.features(4, 10, 2, 4),
        KMeansConfig.of(4, 0),
        u -> true,
        progress -> phases.add(progress.phase()));
    assertEquals(3, phases.size());
  }

  @Test
  void quantizerAssignsTheNearestAndRefusesOtherFeatures() {
    FeatureLayer features = Toy.features(3, 7, 2, 4);
    Codebook codebook =
        new Codebook(new float[] {0, 0, 10, 0, 0, 10, 10, 10}, 4, features.stream(), Map.of());
    UnitSet set = Quantizer.quantize(features, codebook, folder.resolve("units"), done -> {});
    float[] frames = features.read(1);
    for (int f = 0; f < 7; f++) {
      int expected = Math.round(frames[2 * f] / 10) + 2 * Math.round(frames[2 * f + 1] / 10);
      assertEquals(expected, set.units(1)[f]);
    }
    assertEquals(7 * 320, set.utterances().get(1).samples());
    DuovoxException layer =
        assertThrows(
            DuovoxException.class,
            () ->
                Quantizer.quantize(
                    features, Toy.codebook("coarse", 4, 2, 80), folder.resolve("no"), done -> {}));
    assertTrue(layer.getMessage().contains("layer 'coarse'"), layer.getMessage());
    DuovoxException width =
        assertThrows(
            DuovoxException.class,
            () ->
                Quantizer.quantize(
                    features, Toy.codebook("fine", 4, 3, 20), folder.resolve("no"), done -> {}));
    assertTrue(width.getMessage().contains("3 values, the features 2"), width.getMessage());
    assertFalse(Files.exists(folder.resolve("no")));
  }

  /// FiniteDistances values whose squared distances are not.
  @Test
  void featuresWhoseNormsOverflowAreRefusedByName() {
    float[] rows = new float[40];
    rows[27] = -1e38f;
    FeatureLayer huge =
        Toy.layer(
            List.of(
                new UtteranceInfo("a", 10, 3200, Map.of()),
                new UtteranceInfo("b", 10, 3200, Map.of())),
            List.of(new float[20], java.util.Arrays.copyOfRange(rows, 20, 40)),
            2);
    assertFails(
        Kind.BAD_DATA,
        () -> KMeansFit.fit(huge, KMeansConfig.of(2, 1)),
        "b: frame 3 holds -1.0E38",
        "squared norm of 2 values");
    assertFails(
        Kind.BAD_DATA,
        () ->
            Quantizer.quantize(
                huge, Toy.codebook("fine", 4, 2, 20), folder.resolve("units"), done -> {}),
        "b: frame 3 holds -1.0E38");
  }
}
