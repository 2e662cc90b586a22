package org.duovox.model;

import java.util.Optional;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig.Activation;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Interaction;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.model.ModelConfig.UnitEmbedding;
import org.duovox.units.UnitStream;

/// The settings of a [ModelConfig] while they are chosen: the defaults, the presets, and changes
/// ([ModelConfig#with(Consumer)]).
///
/// The fields are open because a draft lives within one expression: `config.with(draft ->
/// draft.layers = 4)`. The record says what they mean and which values are allowed.
public final class ModelDraft {
  public Kind kind = Kind.DUAL;
  public UnitStream stream = UnitStream.CONTEXTUAL;
  public int contextualCodes;
  public int phoneticCodes;
  public int layers = 8;
  public int hidden = 512;
  public int heads = 8;
  public int feedForward = 2048;
  public int maxPositions = 512;
  public int phoneticEmbedding = 256;
  public PhoneticPooling phoneticPooling = PhoneticPooling.GRU_ENDS;
  public UnitEmbedding unitEmbedding = UnitEmbedding.LEARNED;
  public int representationWidth;
  public int phoneticWidth;
  public int classes;
  public SequencePooling classPooling = SequencePooling.MEAN;
  public HeadLayout headLayout = HeadLayout.CONCATENATED;
  public double dropout = 0.1;
  public double layerNormEpsilon = 1e-12;
  public long seed;
  public int headWidth;
  public boolean headSpecials;
  public boolean sharedStacks;
  public Interaction interaction = Interaction.PER_LAYER;
  public Activation interactionActivation = Activation.TANH;
  public boolean interactionSplit = true;
  public boolean interactionBias = true;
  public int typeEmbeddings;
  public Precision precision = Precision.FP32;

  /// The defaults: the presets `paper` and `bert-small`.
  ModelDraft() {}

  /// The settings of a preset: an architecture (`paper`, `charbert`), a size (`bert-small`,
  /// `tiny`), or both joined, as `charbert-tiny`.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for any other name
  static ModelDraft preset(String name) {
    ModelDraft draft = new ModelDraft();
    size(name)
        .or(() -> architecture(name))
        .or(() -> joined(name))
        .orElseThrow(() ->
            DuovoxException.config(
                ("there is no model preset '%s'; known are the architectures paper and charbert,"
                        + " the sizes bert-small and tiny, and both joined, e.g. charbert-tiny")
                    .formatted(name)))
        .accept(draft);
    return draft;
  }

  private static Optional<Consumer<ModelDraft>> joined(String name) {
    int dash = name.indexOf('-');
    return dash < 0
        ? Optional.empty()
        : architecture(name.substring(0, dash))
            .flatMap(first -> size(name.substring(dash + 1)).map(first::andThen));
  }

  private static Optional<Consumer<ModelDraft>> architecture(String name) {
    return switch (name) {
      case "paper" -> Optional.of(draft -> draft.headLayout = HeadLayout.AUTO);
      case "charbert" -> Optional.of(ModelDraft::charbert);
      default -> Optional.empty();
    };
  }

  private static Optional<Consumer<ModelDraft>> size(String name) {
    return switch (name) {
      case "bert-small" -> Optional.of(draft -> {});
      case "tiny" -> Optional.of(ModelDraft::tiny);
      default -> Optional.empty();
    };
  }

  /// The interaction and the heads as CharBERT's code has them.
  private void charbert() {
    sharedStacks = true;
    interaction = Interaction.SHARED;
    interactionActivation = Activation.NONE;
    interactionSplit = false;
    interactionBias = false;
    headLayout = HeadLayout.CONCATENATED;
  }

  private void tiny() {
    layers = 2;
    hidden = 96;
    heads = 4;
    feedForward = 192;
    phoneticEmbedding = 96;
  }

  ModelDraft(ModelConfig c) {
    kind = c.kind();
    stream = c.stream();
    contextualCodes = c.contextualCodes();
    phoneticCodes = c.phoneticCodes();
    layers = c.layers();
    hidden = c.hidden();
    heads = c.heads();
    feedForward = c.feedForward();
    maxPositions = c.maxPositions();
    phoneticEmbedding = c.phoneticEmbedding();
    phoneticPooling = c.phoneticPooling();
    unitEmbedding = c.unitEmbedding();
    representationWidth = c.representationWidth();
    phoneticWidth = c.phoneticWidth();
    classes = c.classes();
    classPooling = c.classPooling();
    headLayout = c.headLayout();
    dropout = c.dropout();
    layerNormEpsilon = c.layerNormEpsilon();
    seed = c.seed();
    readOptional(c);
  }

  private void readOptional(ModelConfig c) {
    headWidth = c.headWidth();
    headSpecials = c.headSpecials();
    sharedStacks = c.sharedStacks();
    interaction = c.interaction();
    interactionActivation = c.interactionActivation();
    interactionSplit = c.interactionSplit();
    interactionBias = c.interactionBias();
    typeEmbeddings = c.typeEmbeddings();
    precision = c.precision();
  }

  ModelConfig config() {
    return new ModelConfig(
        kind,
        stream,
        contextualCodes,
        phoneticCodes,
        layers,
        hidden,
        heads,
        feedForward,
        maxPositions,
        phoneticEmbedding,
        phoneticPooling,
        unitEmbedding,
        representationWidth,
        phoneticWidth,
        classes,
        classPooling,
        headLayout,
        dropout,
        layerNormEpsilon,
        seed,
        headWidth,
        headSpecials,
        sharedStacks,
        interaction,
        interactionActivation,
        interactionSplit,
        interactionBias,
        typeEmbeddings,
        precision);
  }
}
