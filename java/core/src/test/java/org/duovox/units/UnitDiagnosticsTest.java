package org.duovox.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.duovox.units.kmeans.KMeansConfig;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnitDiagnosticsTest {
  @TempDir Path folder;

  @Test
  void runsAreCountedWithinUtterances() {
    UnitDiagnostics.Counter statistics = new UnitDiagnostics.Counter(8);
    statistics.add(new int[] {1, 1, 1, 2, 3, 3});
    statistics.add(new int[] {3, 3, 3, 3});
    statistics.add(new int[0]);
    statistics.add(new int[] {5});
    UnitDiagnostics units = statistics.diagnostics();
    assertEquals(4, units.use().used());
    assertEquals(3, units.use().mostFrequent());
    assertEquals(6 / 11.0, units.use().mostFrequentShare(), 1e-12);
    assertEquals(2 / 3.0, units.mostFrequentAtEdges(), 1e-12);
    assertEquals(0.5, units.constantUtterances(), 1e-12);
    assertEquals(5, units.runs().count());
    assertEquals(11 / 5.0, units.runs().mean(), 1e-12);
    assertEquals(2, units.runs().median());
    assertEquals(4, units.runs().percentile90());
    assertEquals(4, units.runs().longest());
    assertEquals(Map.of("1", 2L, "2", 1L, "3-4", 2L), units.runs().histogram());
  }

  @Test
  void medianOfAnEvenNumberOfRunsIsBetweenTheMiddleOnes() {
    UnitDiagnostics.Counter statistics = new UnitDiagnostics.Counter(3);
    statistics.add(new int[] {0, 1, 1, 1, 1});
    assertEquals(2.5, statistics.diagnostics().runs().median());
  }

  @Test
  void nothingCountedIsNothingCollapsed() {
    UnitDiagnostics none = new UnitDiagnostics.Counter(3).diagnostics();
    assertEquals(-1, none.use().mostFrequent());
    assertEquals(0, none.runs().longest());
    assertFalse(none.collapsed());
  }

  @Test
  void healthyUnitsBringNoWarningAndTheFileLiesBeside() {
    FeatureLayer features = Toy.features(10, 60, 4, 16);
    KMeansFit.Result fit = KMeansFit.fit(features, KMeansConfig.of(16, 0));
    assertTrue(fit.warnings().isEmpty(), fit.warnings().toString());
    assertEquals(16, fit.diagnostics().use().used());
    UnitSet units =
        Quantizer.quantize(features, fit.codebook(), folder.resolve("units"), done -> {});
    assertTrue(Files.isRegularFile(folder.resolve("units/diagnostics.json")));
    assertEquals(fit.diagnostics(), units.diagnostics());
  }

  @Test
  void equalFramesAreNamed() {
    causes(u -> new float[400 * 3], 3, "all frames are equal");
  }

  @Test
  void theOneWideDimensionIsNamed() {
    SplitMix draws = SplitMix.of(1);
    causes(
        u -> {
          float[] rows = new float[400 * 8];
          for (int i = 0; i < rows.length; i++) {
            double spread = i % 8 == 5 ? (i / 8 % 50 == 0 ? 1e4 : 0.1) : 0.001;
            rows[i] = (float) (spread * draws.nextGaussian());
          }
          return rows;
        },
        8,
        "dimension 5 holds 100 % of the variance of 8");
  }

  @Test
  void silenceIsNamed() {
    SplitMix draws = SplitMix.of(2);
    causes(
        u -> {
          float[] rows = new float[400 * 3];
          for (int i = 100 * 3; i < 200 * 3; i++) {
            rows[i] = (float) draws.nextGaussian();
          }
          return rows;
        },
        3,
        "silence");
  }

  @Test
  void unitsThatNeverChangeAreNamed() {
    SplitMix draws = SplitMix.of(3);
    causes(
        u -> {
          float[] rows = new float[400 * 3];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) (100 * (u + 1) + 1e-3 * draws.nextGaussian());
          }
          return rows;
        },
        3,
        "follows the recording");
  }

  private interface Rows {
    float[] of(int utterance);
  }

  private static void causes(Rows rows, int width, String cause) {
    List<UtteranceInfo> infos = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (int u = 0; u < 5; u++) {
      infos.add(new UtteranceInfo("u" + u, 400, 400 * 320L, Map.of()));
      values.add(rows.of(u));
    }
    int clusters = cause.startsWith("follows") ? 5 : 60;
    KMeansFit.Result fit =
        KMeansFit.fit(Toy.layer(infos, values, width), KMeansConfig.of(clusters, 0));
    String all = String.join("\n", fit.warnings());
    assertTrue(
        all.contains(cause),
        all + Arrays.toString(fit.diagnostics().runs().histogram().keySet().toArray()));
  }
}
