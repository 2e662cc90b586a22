package org.duovox.units.kmeans;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.speech.FeatureCodebook;
import org.duovox.units.CodeLayer;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.Toy;
import org.duovox.units.sets.Quantizer;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodesQuantizerTest {
  @TempDir Path folder;

  @Test
  void singleCodesAreTheUnitsAndTheVectorsTheCodebook() {
    UnitSet units = quantize(features(1, 5, new float[] {4, 0, 0, 2}, new float[] {}), null, "u");
    assertArrayEquals(new int[] {4, 0, 0, 2}, units.units(0));
    assertEquals(0, units.units(1).length);
    assertEquals(5, units.manifest().vocabulary());
    assertArrayEquals(
        new float[] {0, 0, 1, -1, 2, -2, 3, -3, 4, -4}, units.requireCodebook().centroids());
    assertTrue(units.requireCodebook().joint().isEmpty());
  }

  @Test
  void jointCodesAreNumberedInOrderOfThoseThatOccur() {
    UnitSet units =
        quantize(features(2, 320, new float[] {3, 1, 0, 319, 3, 1}, new float[] {3, 0}), null, "u");
    assertArrayEquals(new int[] {2, 0, 2}, units.units(0));
    assertArrayEquals(new int[] {1}, units.units(1));
    assertArrayEquals(
        new int[] {0, 319, 3, 0, 3, 1}, units.requireCodebook().joint().orElseThrow().codes());
    assertArrayEquals(
        new float[] {0, 0, 419, -319, 3, -3, 100, 0, 3, -3, 101, -1},
        units.requireCodebook().centroids());
  }

  @Test
  void anEarlierMappingIsAppliedAndOtherCombinationsTakeTheNearest() {
    UnitSet first = quantize(features(2, 9, new float[] {1, 1, 5, 5, 8, 8}), null, "first");
    Path codebook = first.folder().resolve("codebook.safetensors");
    UnitSet second =
        quantize(features(2, 9, new float[] {5, 5, 1, 2, 8, 7, 8, 8}), codebook, "second");
    assertArrayEquals(new int[] {1, 0, 2, 2}, second.units(0));
    assertEquals(first.requireCodebook().sha256(), second.requireCodebook().sha256());
    assertEquals(first.requireCodebook().joint(), second.requireCodebook().joint());
  }

  @Test
  void vocabularyOfASubsetLeavesOthersOut() {
    Path features = features(2, 9, new float[] {1, 1, 5, 5}, new float[] {8, 8, 1, 1});
    try (FeatureLayer layer = StoredFeatures.open(features, null)) {
      UnitSet units =
          Quantizer.quantize(
              layer,
              UnitQuantizer.codes(layer),
              utterance -> utterance.id().equals("u0"),
              folder.resolve("u"),
              done -> {});
      assertEquals(2, units.manifest().vocabulary());
      assertArrayEquals(new int[] {1, 0}, units.units(1));
    }
  }

  @Test
  void whatIsNoCodeIsRefusedByFrameAndValue() {
    for (float bad : new float[] {1.5f, -1, 9, 1e30f}) {
      Path features = features(2, 9, new float[] {1, 1, 5, bad});
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> quantize(features, null, "no"));
      assertTrue(error.getMessage().startsWith("u0: frame 1 holds " + bad), error.getMessage());
    }
    assertFalse(Files.exists(folder.resolve("no")));
  }

  @Test
  void codebooksOfOtherLayersAreRefused() {
    UnitSet joint = quantize(features(2, 9, new float[] {1, 1}), null, "joint");
    Path codebook = joint.folder().resolve("codebook.safetensors");
    Path single = features(1, 9, new float[] {1, 1});
    DuovoxException error =
        assertThrows(DuovoxException.class, () -> quantize(single, codebook, "no"));
    assertTrue(error.getMessage().contains("without --codebook"), error.getMessage());
    assertThrows(
        DuovoxException.class,
        () ->
            Quantizer.quantize(Toy.features(2, 5, 4, 4), joint.requireCodebook(), folder, d -> {}));
  }

  @Test
  void missingAndDamagedCodebookFilesSaySo() throws IOException {
    Path features = features(2, 9, new float[] {1, 1});
    CodeLayer.writeCodebook(features, 3, 9);
    DuovoxException groups =
        assertThrows(DuovoxException.class, () -> quantize(features, null, "no"));
    assertTrue(groups.getMessage().contains("3 groups"), groups.getMessage());
    Path file = features.resolve(FeatureCodebook.fileName(CodeLayer.NAME));
    Files.write(file, new byte[20]);
    assertThrows(DuovoxException.class, () -> quantize(features, null, "no"));
    Files.delete(file);
    DuovoxException missing =
        assertThrows(DuovoxException.class, () -> quantize(features, null, "no"));
    assertTrue(missing.getMessage().contains("codebook.codes.safetensors"), missing.getMessage());
  }

  @Test
  void kmeansOfCodesIsRefused() {
    try (FeatureLayer layer = StoredFeatures.open(features(1, 9, new float[] {1, 2}), null)) {
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> KMeansFit.fit(layer, KMeansConfig.of(2, 0)));
      assertTrue(error.getMessage().contains("are codes"), error.getMessage());
    }
  }

  private int folders;

  private Path features(int groups, int size, float[]... codes) {
    return CodeLayer.write(folder.resolve("features-" + folders++), groups, size, codes);
  }

  private UnitSet quantize(Path features, Path codebook, String out) {
    try (FeatureLayer layer = StoredFeatures.open(features, null)) {
      return Quantizer.quantize(
          layer, UnitQuantizer.of(codebook, layer), folder.resolve(out), done -> {});
    }
  }
}
