package org.duovox.model;

import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.model.ModelConfig.HeadLayout;

/// A [ModelConfig] as the native library takes it: enums become their ordinals.
public final class NativeShape {
  private NativeShape() {}

  /// @throws DuovoxException (BAD_CONFIG) when the vocabularies or the layout of the heads are not
  ///   set
  public static NativeModel.Config of(ModelConfig c, Device device) {
    if (c.contextualCodes() == 0 || (c.bothStreams() && c.phoneticCodes() == 0)) {
      throw DuovoxException.config(
          "model: the vocabularies are not set; fit the model to a corpus");
    }
    if (c.headLayout() == HeadLayout.AUTO) {
      throw DuovoxException.config(
          "model: head_layout is auto, which the objectives of a training decide; set split or"
              + " concatenated");
    }
    return new NativeModel.Config(
        sizes(c), choices(c), interaction(c), device, c.dropout(), c.layerNormEpsilon(), c.seed());
  }

  private static NativeModel.Sizes sizes(ModelConfig c) {
    return new NativeModel.Sizes(
        c.contextualCodes(),
        c.phoneticCodes(),
        c.layers(),
        c.hidden(),
        c.heads(),
        c.feedForward(),
        c.maxPositions(),
        c.phoneticEmbedding(),
        c.representationWidth(),
        c.phoneticWidth(),
        c.classes(),
        c.headWidth(),
        c.typeEmbeddings());
  }

  private static NativeModel.Choices choices(ModelConfig c) {
    return new NativeModel.Choices(
        c.kind().ordinal(),
        c.phoneticPooling().ordinal(),
        c.unitEmbedding().ordinal(),
        c.classPooling().ordinal(),
        c.headLayout().ordinal(),
        c.headSpecials(),
        c.sharedStacks(),
        c.precision().ordinal());
  }

  private static NativeModel.Exchange interaction(ModelConfig c) {
    return new NativeModel.Exchange(
        c.interaction().ordinal(),
        c.interactionActivation().ordinal(),
        c.interactionSplit(),
        c.interactionBias());
  }
}
