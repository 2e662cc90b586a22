package org.duovox.train.data;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.Slots;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.PretrainConfig;
import org.duovox.train.ToyTraining;
import org.duovox.train.data.EpochSource.TargetFeatures;
import org.duovox.train.log.TrainListener;
import org.duovox.units.Codebook;
import org.duovox.units.Toy;
import org.duovox.units.ToyFeatures;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.FeatureType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetFeaturesTest {
  private static final Corpus MEMORY = Toy.corpus(8, 9, 7);

  @TempDir Path folder;

  @Test
  void rowsThenTime() {
    Corpus corpus = ToyFeatures.write(folder.resolve("c"), MEMORY, FeatureType.FLOAT32, 0.5f);
    UnitIds ids = new UnitIds(9, 7);
    List<Window> windows = List.of(new Window(3, 1, 5), new Window(0, 0, 5));
    BatchWriter writer = new BatchWriter(ids);
    Slot slot = Slots.heap();
    Shape shape = writer.write(slot, corpus, windows, w -> 0);
    Masking masking =
        new Masking(ToyTraining.config("masking.probability=0.5").masking(), corpus, ids, 16, 3);
    int targets = masking.apply(slot, shape, 0, 0, 1) + masking.apply(slot, shape, 1, 0, 2);
    TargetFeatures.of(corpus).fill(slot, shape, windows);
    Codebook codebook = corpus.contextual().codebook().orElseThrow();
    int at = 0;
    for (int i = 0; i < 2 * shape.tokens(); i++) {
      int target = slot.targets().get(i);
      if (target >= 0) {
        for (int d = 0; d < 6; d++) {
          assertEquals(
              codebook.centroids()[target * 6 + d] + 0.5f, slot.representations().get(at++));
        }
      }
    }
    assertTrue(targets > 2);
    assertEquals(6 * targets, at);
  }

  @Test
  void aCorpusWithoutFeaturesIsRefused() {
    assertFails(
        Kind.BAD_CONFIG,
        () -> pretrain(MEMORY, "none", "mcr_target=feature"),
        "--contextual-features DIR",
        "mcr_target");
    Corpus kept = ToyFeatures.write(folder.resolve("c"), MEMORY, FeatureType.FLOAT32, 0);
    assertFails(
        Kind.BAD_CONFIG,
        () ->
            ToyTraining.train(
                ToyTraining.config("steps=2", "mcr_target=feature"),
                ToyModel.dual().singleOn(org.duovox.units.UnitStream.PHONETIC),
                kept,
                folder.resolve("phonetic"),
                TrainListener.NONE),
        "--contextual-features DIR");
  }

  /// Features that are the codebook vectors aim at the same: the two trainings are one.
  @Test
  void featuresEqualToTheCodebookTrainTheSame() throws Exception {
    Corpus kept = ToyFeatures.write(folder.resolve("same"), MEMORY, FeatureType.FLOAT32, 0);
    Corpus moved = ToyFeatures.write(folder.resolve("moved"), MEMORY, FeatureType.FLOAT32, 0.7f);
    double codebook = pretrain(kept, "a", "mcr_target=codebook");
    double features = pretrain(kept, "b", "mcr_target=feature");
    assertEquals(codebook, features, 1e-5 * codebook);
    assertNotEquals(codebook, pretrain(moved, "c", "mcr_target=feature"), 1e-3);
    assertEquals(codebook, pretrain(moved, "d", "mcr_target=codebook"), 1e-12);
    assertTrue(
        Files.readString(folder.resolve("b/train.json")).contains("\"mcr_target\" : \"feature\""));
  }

  private double pretrain(Corpus corpus, String name, String setting) {
    PretrainConfig config =
        ToyTraining.config("steps=6", setting, "validation_fraction=0.25", "report_every=6");
    return ToyTraining.train(
            config, ToyModel.dual(), corpus, folder.resolve(name), TrainListener.NONE)
        .training()
        .mcr();
  }
}
