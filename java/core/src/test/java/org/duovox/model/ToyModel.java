package org.duovox.model;

import java.util.List;
import org.duovox.internal.Device;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;

/// A model small enough to train within a test.
public final class ToyModel {
  private ToyModel() {}

  /// One layer, hidden 32, no dropout, at most 16 positions.
  public static ModelConfig config(Kind kind, UnitStream stream) {
    return ModelConfig.preset("tiny")
        .with(draft -> {
          draft.kind = kind;
          draft.stream = stream;
          draft.layers = 1;
          draft.hidden = 32;
          draft.heads = 2;
          draft.feedForward = 64;
          draft.maxPositions = 16;
          draft.phoneticEmbedding = 16;
          draft.headLayout = HeadLayout.SPLIT;
          draft.dropout = 0;
          draft.seed = 1;
        });
  }

  public static ModelConfig dual() {
    return config(Kind.DUAL, UnitStream.CONTEXTUAL);
  }

  public static UnitModel model(Corpus corpus) {
    return UnitModel.create(dual(), corpus, List.of(), Device.CPU);
  }
}
