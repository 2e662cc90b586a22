package org.duovox.model;

import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.model.ModelConfig.UnitEmbedding;
import org.duovox.units.UnitStream;

/// Named configurations: an architecture (`paper`, `charbert`), a size (`bert-small`, `tiny`), or
/// both joined, as `charbert-tiny`. What is not named is `paper` and `bert-small`.
final class ModelPresets {
  private static final String PAPER = "paper";
  private static final String CHARBERT = "charbert";
  private static final String BERT_SMALL = "bert-small";
  private static final String TINY = "tiny";

  private ModelPresets() {}

  static ModelConfig named(String name) {
    return size(name)
        .or(() -> architecture(name).map(ModelPresets::bertSmall))
        .or(() -> joined(name))
        .orElseThrow(() ->
            DuovoxException.config(
                ("there is no model preset '%s'; known are the architectures paper and charbert,"
                        + " the sizes bert-small and tiny, and both joined, e.g. charbert-tiny")
                    .formatted(name)));
  }

  private static Optional<ModelConfig> joined(String name) {
    int dash = name.indexOf('-');
    return dash < 0
        ? Optional.empty()
        : architecture(name.substring(0, dash))
            .flatMap(
                charbert -> size(name.substring(dash + 1)).map(config -> styled(config, charbert)));
  }

  /// Whether the architecture is CharBERT's code; empty for a name that is none.
  private static Optional<Boolean> architecture(String name) {
    return switch (name) {
      case PAPER -> Optional.of(false);
      case CHARBERT -> Optional.of(true);
      default -> Optional.empty();
    };
  }

  private static Optional<ModelConfig> size(String name) {
    return switch (name) {
      case BERT_SMALL -> Optional.of(sized(8, 512, 8, 2048, 256));
      case TINY -> Optional.of(sized(2, 96, 4, 192, 96));
      default -> Optional.empty();
    };
  }

  private static ModelConfig bertSmall(boolean charbert) {
    return styled(size(BERT_SMALL).orElseThrow(), charbert);
  }

  private static ModelConfig styled(ModelConfig config, boolean charbert) {
    return charbert
        ? config.with(draft -> {
          draft.sharedStacks = true;
          draft.interaction = Interaction.SHARED;
          draft.interactionActivation = Activation.NONE;
          draft.interactionSplit = false;
          draft.interactionBias = false;
          draft.headLayout = HeadLayout.CONCATENATED;
        })
        : config;
  }

  private static ModelConfig sized(
      int layers, int hidden, int heads, int feedForward, int phoneticEmbedding) {
    return new ModelConfig(
        Kind.DUAL,
        UnitStream.CONTEXTUAL,
        0,
        0,
        layers,
        hidden,
        heads,
        feedForward,
        512,
        phoneticEmbedding,
        PhoneticPooling.GRU_ENDS,
        UnitEmbedding.LEARNED,
        0,
        0,
        0,
        SequencePooling.MEAN,
        HeadLayout.AUTO,
        0.1,
        1e-12,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
