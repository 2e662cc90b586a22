package org.duovox.model;

import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Kind;
import org.duovox.model.ModelConfig.PhoneticPooling;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.model.ModelConfig.UnitEmbedding;
import org.duovox.units.UnitStream;

/// The settings of a [ModelConfig] while some of them change; see
/// [ModelConfig#with(java.util.function.Consumer)].
///
/// The fields are open because a draft lives within one expression: `config.with(draft ->
/// draft.layers = 4)`. What they mean and may be stands at the record.
public final class ModelDraft {
  public Kind kind;
  public UnitStream stream;
  public int contextualCodes;
  public int phoneticCodes;
  public int layers;
  public int hidden;
  public int heads;
  public int feedForward;
  public int maxPositions;
  public int phoneticEmbedding;
  public PhoneticPooling phoneticPooling;
  public UnitEmbedding unitEmbedding;
  public int representationWidth;
  public int phoneticWidth;
  public int classes;
  public SequencePooling classPooling;
  public HeadLayout headLayout;
  public double dropout;
  public double layerNormEpsilon;
  public long seed;
  public int headWidth;
  public boolean headSpecials;
  public boolean sharedStacks;
  public Interaction interaction;
  public Activation interactionActivation;
  public boolean interactionSplit;
  public boolean interactionBias;
  public int typeEmbeddings;
  public Precision precision;

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
    takeRest(c);
  }

  private void takeRest(ModelConfig c) {
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

  ModelConfig done() {
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
