package org.duovox.model;

import java.util.List;
import org.duovox.internal.Device;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.units.Corpus;
import org.duovox.units.UnitStream;

/// A model small enough to train within a test.
public final class ToyModel {
  private ToyModel() {}

  /// One layer, hidden 32, no dropout, at most 16 positions.
  public static ModelConfig config(Kind kind, UnitStream stream) {
    return new ModelConfig(
        kind,
        stream,
        0,
        0,
        1,
        32,
        2,
        64,
        16,
        16,
        ModelConfig.PhoneticPooling.GRU_ENDS,
        ModelConfig.UnitEmbedding.LEARNED,
        0,
        0,
        0,
        ModelConfig.SequencePooling.MEAN,
        ModelConfig.HeadLayout.SPLIT,
        0,
        1e-12,
        1);
  }

  public static ModelConfig dual() {
    return config(Kind.DUAL, UnitStream.CONTEXTUAL);
  }

  public static UnitModel model(Corpus corpus) {
    return UnitModel.create(dual(), corpus, List.of(), Device.CPU);
  }
}
