package org.duovox.units.kmeans;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.Codebook;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StagedCentroids.Kind;
import org.duovox.units.Toy;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StagedFitTest {
  // 16 clouds at the corners of a cube of four dimensions.
  private final FeatureLayer features = Toy.features(10, 60, 4, 16);

  @TempDir Path folder;

  @Test
  void twoLevelsOfFourTellSixteenCloudsApart() throws IOException {
    StagedFit.Result fit = fit(Kind.RESIDUAL, 2, 4);
    double plain = KMeansFit.fit(features, KMeansConfig.of(4, 1)).meanSquaredDistance();
    assertTrue(fit.meanSquaredDistance() < plain / 2, fit + " against " + plain);
    reconstructs(fit, 4);
  }

  @Test
  void twoGroupsOfFourAreTheSixteenClouds() throws IOException {
    StagedFit.Result fit = fit(Kind.PRODUCT, 2, 4);
    assertEquals(0.04, fit.meanSquaredDistance(), 0.01);
    UnitSet units = reconstructs(fit, 2);
    assertEquals(16, units.manifest().vocabulary());
    assertEquals(16, units.diagnostics().use().used());
  }

  @Test
  void theUnitSetsCodebookQuantizesOtherFeaturesInTheSameWay() {
    UnitSet units = quantize(UnitQuantizer.of(joint()), "again");
    assertArrayEquals(UnitSet.open(folder.resolve("first")).units(3), units.units(3));
  }

  private Codebook joint() {
    return quantize(fit(Kind.RESIDUAL, 2, 4).quantizer(), "first").requireCodebook();
  }

  @Test
  void groupsThatDoNotDivideTheWidthAreRefused() {
    assertThrows(DuovoxException.class, () -> fit(Kind.PRODUCT, 3, 4));
    assertThrows(DuovoxException.class, () -> fit(Kind.RESIDUAL, 65, 4));
    assertThrows(DuovoxException.class, () -> fit(Kind.RESIDUAL, 0, 4));
  }

  @Test
  void hostileFilesAreRefused() {
    refuse(new long[] {2, 4}, new float[8]);
    refuse(new long[] {2, 0, 4}, new float[0]);
    refuse(new long[] {70, 1, 1}, new float[70]);
    refuse(new long[] {1, 1, 1}, new float[] {Float.NaN});
  }

  private void refuse(long[] shape, float[] values) {
    Path file = folder.resolve("bad");
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("level_centers", shape, values);
      writer.commit();
    }
    DuovoxException error = assertThrows(DuovoxException.class, () -> UnitQuantizer.read(file));
    assertTrue(error.getMessage().contains("level_centers"), error.getMessage());
  }

  /// Writes and reads the file, quantizes, and holds each unit's vector against its frame.
  private UnitSet reconstructs(StagedFit.Result fit, int stageWidth) throws IOException {
    Path file = folder.resolve("staged.safetensors");
    fit.write(file);
    byte[] bytes = Files.readAllBytes(file);
    fit.write(file);
    assertArrayEquals(bytes, Files.readAllBytes(file));
    UnitSet units = quantize(UnitQuantizer.read(file), "units");
    Codebook codebook = units.requireCodebook();
    float[] rows = codebook.centroids();
    int[] combinations = codebook.joint().orElseThrow().codes();
    StagedCentroids stages = codebook.stages().orElseThrow();
    assertEquals(stageWidth, stages.centers(0).length / 4);
    double sum = 0;
    for (int u = 0; u < 10; u++) {
      float[] frames = features.read(u);
      for (int f = 0; f < 60; f++) {
        int unit = units.units(u)[f];
        for (int d = 0; d < 4; d++) {
          float first = stages.centers(0)[combinations[2 * unit] * stageWidth + d % stageWidth];
          float second =
              stages.centers(1)[combinations[2 * unit + 1] * stageWidth + d % stageWidth];
          float expected = stageWidth == 4 ? first + second : d < 2 ? first : second;
          assertEquals(expected, rows[4 * unit + d], 1e-5);
          sum += Math.pow(frames[4 * f + d] - rows[4 * unit + d], 2);
        }
      }
    }
    assertEquals(fit.meanSquaredDistance(), sum / 600, 0.05 * fit.meanSquaredDistance() + 1e-3);
    return units;
  }

  private StagedFit.Result fit(Kind kind, int stages, int clusters) {
    return StagedFit.fit(
        features, KMeansConfig.of(clusters, 1), kind, stages, u -> true, KMeansListener.NONE);
  }

  private UnitSet quantize(UnitQuantizer quantizer, String out) {
    return Quantizer.quantize(features, quantizer, folder.resolve(out), done -> {});
  }
}
