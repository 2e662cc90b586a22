package org.duovox.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.recipe.Quantization.Streams;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;
import org.duovox.speech.extract.ShardedFeatures;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.train.log.TrainControl;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.sets.UnitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Units of a fold with every kind of quantizer.
final class QuantizationTest {
  private static final Layer CODES = new Layer("codes", 2, 20, 0);
  private static final List<String> PAIR =
      List.of(
          "representations.contextual.encoder=toy",
          "representations.contextual.layer=codes",
          "representations.phonetic.encoder=toy",
          "representations.phonetic.layer=codes");

  @TempDir Path folder;

  private final TrainControl control = new TrainControl();

  @Test
  void codesBecomeUnitsOfTheTrainingCombinations() {
    Path features = features(true);
    Streams fitted = new Streams(folder.resolve("fold"));
    quantization("codes", features).fit(fields -> true, fitted);
    UnitSet units = UnitSet.open(fitted.phonetic());
    assertEquals(4, units.manifest().vocabulary());
    Streams again = new Streams(folder.resolve("again"));
    quantization("codes", features).quantize(fitted, again);
    assertEquals(units.manifest(), UnitSet.open(again.phonetic()).manifest());
    assertEquals(4, Corpus.open(again.corpus()).size());
  }

  @Test
  void residualKMeansOfAFoldQuantizesOtherFeatures() {
    Path features = features(false);
    Streams fitted = new Streams(folder.resolve("fold"));
    quantization("kmeans", features).fit(fields -> true, fitted);
    Streams again = new Streams(folder.resolve("again"));
    quantization("kmeans", features).quantize(fitted, again);
    UnitSet units = UnitSet.open(again.contextual());
    assertEquals(UnitSet.open(fitted.contextual()).manifest(), units.manifest());
    assertTrue(units.requireCodebook().stages().isPresent());
  }

  @Test
  void codesOfALayerThatHoldsNoneAreRefused() {
    Path features = features(false);
    Streams streams = new Streams(folder.resolve("fold"));
    assertThrows(
        DuovoxException.class, () -> quantization("codes", features).fit(fields -> true, streams));
  }

  @Test
  void stopsBetweenTwoBatchesAndLeavesNothing() {
    Path features = features(false);
    Streams streams = new Streams(folder.resolve("fold"));
    control.leave();
    assertThrows(
        RunStopped.class, () -> quantization("kmeans", features).fit(fields -> true, streams));
    assertFalse(Files.exists(streams.contextual()));
  }

  private Quantization quantization(String method, Path features) {
    return new Quantization(recipe(method), features, control, new RunListener() {});
  }

  private static Recipe recipe(String method) {
    List<String> settings = new ArrayList<>(PAIR);
    for (String stream : List.of("contextual", "phonetic")) {
      settings.add("quantizers." + stream + ".method=" + method);
      settings.add("quantizers." + stream + ".clusters=2");
      settings.add("quantizers." + stream + ".levels=" + (method.equals("kmeans") ? 2 : 1));
    }
    return Recipe.read(Path.of("..", "..", "recipes", "demo.yaml"), settings);
  }

  private Path features(boolean codebook) {
    Path stage = folder.resolve("features");
    Path target = FeatureStage.folder(stage, recipe("codes").representations().contextual());
    try (FeatureWriter writer = ShardedFeatures.writer(target, CODES, Long.MAX_VALUE)) {
      for (int u = 0; u < 4; u++) {
        float[] codes = new float[40];
        for (int i = 0; i < codes.length; i++) {
          codes[i] = (i * (u + 1) / 3) % 2 == 0 ? 1 : 6;
        }
        ShardedFeatures.add(writer, "u" + u, CODES, codes);
      }
      writer.commit();
    }
    if (codebook) {
      Path file = target.resolve(FeatureCodebook.fileName(CODES.name()));
      try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
        float[] vectors = new float[2 * 7 * 3];
        vectors[5] = 1;
        writer.add("codebook", new long[] {2, 7, 3}, vectors);
        writer.commit();
      }
    }
    return stage;
  }
}
