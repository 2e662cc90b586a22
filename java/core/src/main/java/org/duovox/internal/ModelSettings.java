package org.duovox.internal;

import java.lang.foreign.MemorySegment;
import org.duovox.bindings.Duovox;
import org.duovox.bindings.duovox_model_config;
import org.duovox.internal.NativeModel.Choices;
import org.duovox.internal.NativeModel.Config;
import org.duovox.internal.NativeModel.Exchange;
import org.duovox.internal.NativeModel.Sizes;

/// A model's configuration written into `duovox_model_config`.
final class ModelSettings {
  private ModelSettings() {}

  /// Creates the native model.
  static MemorySegment create(Config config) {
    return Native.create(arena -> {
      MemorySegment out = duovox_model_config.allocate(arena);
      Native.check(Duovox.duovox_model_config_init(out));
      fill(out, config.sizes());
      fill(out, config.choices());
      fill(out, config.interaction());
      duovox_model_config.device(out, config.device().code());
      duovox_model_config.dropout(out, config.dropout());
      duovox_model_config.layer_norm_epsilon(out, config.layerNormEpsilon());
      duovox_model_config.seed(out, config.seed());
      return handle -> Duovox.duovox_model_create(out, handle);
    });
  }

  private static void fill(MemorySegment out, Sizes sizes) {
    duovox_model_config.contextual_codes(out, sizes.contextualCodes());
    duovox_model_config.phonetic_codes(out, sizes.phoneticCodes());
    duovox_model_config.layers(out, sizes.layers());
    duovox_model_config.hidden(out, sizes.hidden());
    duovox_model_config.heads(out, sizes.heads());
    duovox_model_config.feed_forward(out, sizes.feedForward());
    duovox_model_config.max_positions(out, sizes.maxPositions());
    duovox_model_config.phonetic_embedding(out, sizes.phoneticEmbedding());
    duovox_model_config.representation_width(out, sizes.representationWidth());
    duovox_model_config.phonetic_width(out, sizes.phoneticWidth());
    duovox_model_config.classes(out, sizes.classes());
    duovox_model_config.head_width(out, sizes.headWidth());
    duovox_model_config.type_embeddings(out, sizes.typeEmbeddings());
  }

  private static void fill(MemorySegment out, Choices choices) {
    duovox_model_config.kind(out, choices.kind());
    duovox_model_config.phonetic_pooling(out, choices.phoneticPooling());
    duovox_model_config.unit_embedding(out, choices.unitEmbedding());
    duovox_model_config.class_pooling(out, choices.classPooling());
    duovox_model_config.head_layout(out, choices.headLayout());
    duovox_model_config.head_specials(out, choices.headSpecials() ? 1 : 0);
    duovox_model_config.shared_stacks(out, choices.sharedStacks() ? 1 : 0);
    duovox_model_config.precision(out, choices.precision());
  }

  private static void fill(MemorySegment out, Exchange interaction) {
    duovox_model_config.interaction(out, interaction.weights());
    duovox_model_config.interaction_activation(out, interaction.activation());
    duovox_model_config.interaction_split(out, interaction.split() ? 1 : 0);
    duovox_model_config.interaction_bias(out, interaction.bias() ? 1 : 0);
  }
}
