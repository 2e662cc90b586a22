package org.duovox.internal;

import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_model_config;

/// The settings of a [NativeModel]: the members of `duovox_model_config`, which duovox.h documents.
///
/// The fields are open so that every number is set by its name, and read once, when the model is
/// made. An alternative is its number in the header's enum. All fields count: one that is not set
/// is 0 or false, whatever the header's default is.
public final class NativeModelConfig {
  public int kind;
  public int contextualCodes;
  public int phoneticCodes;
  public int layers;
  public int hidden;
  public int heads;
  public int feedForward;
  public int maxPositions;
  public int typeEmbeddings;
  public int phoneticEmbedding;
  public int phoneticPooling;
  public int unitEmbedding;
  public int representationWidth;
  public int phoneticWidth;
  public int classes;
  public int classPooling;
  public int headLayout;
  public int headWidth;
  public boolean headSpecials;
  public boolean sharedStacks;
  public int interaction;
  public int interactionActivation;
  public boolean interactionSplit;
  public boolean interactionBias;
  public double dropout;
  public double layerNormEpsilon;
  public int precision;
  public Device device = Device.CPU;

  /// Of the initial parameters.
  public long seed;

  /// Creates the native model.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) when a number is out of its range
  MemorySegment create() {
    return Native.create(arena -> {
      MemorySegment out = duovox_model_config.allocate(arena);
      Native.check(Duovox.duovox_model_config_init(out));
      duovox_model_config.kind(out, kind);
      writeSizes(out);
      writeHeads(out);
      writeInteraction(out);
      duovox_model_config.dropout(out, dropout);
      duovox_model_config.layer_norm_epsilon(out, layerNormEpsilon);
      duovox_model_config.precision(out, precision);
      duovox_model_config.device(out, device.code());
      duovox_model_config.seed(out, seed);
      return handle -> Duovox.duovox_model_create(out, handle);
    });
  }

  private void writeSizes(MemorySegment out) {
    duovox_model_config.contextual_codes(out, contextualCodes);
    duovox_model_config.phonetic_codes(out, phoneticCodes);
    duovox_model_config.layers(out, layers);
    duovox_model_config.hidden(out, hidden);
    duovox_model_config.heads(out, heads);
    duovox_model_config.feed_forward(out, feedForward);
    duovox_model_config.max_positions(out, maxPositions);
    duovox_model_config.type_embeddings(out, typeEmbeddings);
    duovox_model_config.phonetic_embedding(out, phoneticEmbedding);
    duovox_model_config.phonetic_pooling(out, phoneticPooling);
    duovox_model_config.unit_embedding(out, unitEmbedding);
    duovox_model_config.representation_width(out, representationWidth);
    duovox_model_config.phonetic_width(out, phoneticWidth);
    duovox_model_config.shared_stacks(out, sharedStacks ? 1 : 0);
  }

  private void writeHeads(MemorySegment out) {
    duovox_model_config.classes(out, classes);
    duovox_model_config.class_pooling(out, classPooling);
    duovox_model_config.head_layout(out, headLayout);
    duovox_model_config.head_width(out, headWidth);
    duovox_model_config.head_specials(out, headSpecials ? 1 : 0);
  }

  private void writeInteraction(MemorySegment out) {
    duovox_model_config.interaction(out, interaction);
    duovox_model_config.interaction_activation(out, interactionActivation);
    duovox_model_config.interaction_split(out, interactionSplit ? 1 : 0);
    duovox_model_config.interaction_bias(out, interactionBias ? 1 : 0);
  }
}
