// See config.h. The defaults are "BERT-small" of the ZeroSpeech 2021 baselines: 8 layers, hidden
// 512, 8 heads, feed-forward 2048.
#include "model/config.h"

#include "error.h"

namespace duovox {
namespace {

constexpr int32_t kMaxCodes = 10'000'000;
constexpr int32_t kMaxWidth = 65536;

void check_enums(const duovox_model_config& c) {
  require_range("config.kind", c.kind, DUOVOX_DUAL, DUOVOX_JOINT);
  require_range("config.phonetic_pooling", c.phonetic_pooling, DUOVOX_GRU_ENDS, DUOVOX_POOL_MAX);
  require_range("config.unit_embedding", c.unit_embedding, DUOVOX_EMBED_LEARNED,
                DUOVOX_EMBED_CODEBOOK);
  require_range("config.class_pooling", c.class_pooling, DUOVOX_SEQUENCE_MEAN, DUOVOX_SEQUENCE_CLS);
  require_range("config.head_layout", c.head_layout, DUOVOX_HEADS_SPLIT, DUOVOX_HEADS_CONCATENATED);
  require_range("config.head_specials", c.head_specials, 0, 1);
  require_range("config.shared_stacks", c.shared_stacks, 0, 1);
  require_range("config.interaction", c.interaction, DUOVOX_INTERACTION_PER_LAYER,
                DUOVOX_INTERACTION_NONE);
  require_range("config.interaction_activation", c.interaction_activation, DUOVOX_ACTIVATION_NONE,
                DUOVOX_ACTIVATION_GELU);
  require_range("config.interaction_split", c.interaction_split, 0, 1);
  require_range("config.interaction_bias", c.interaction_bias, 0, 1);
  require_range("config.precision", c.precision, DUOVOX_FP32, DUOVOX_FP16);
  require_range("config.device", c.device, DUOVOX_CPU, DUOVOX_CUDA);
}

void check_widths(const duovox_model_config& c) {
  require_range("config.layers", c.layers, 1, 1024);
  require_range("config.hidden", c.hidden, 4, kMaxWidth);
  require_range("config.heads", c.heads, 1, c.hidden);
  require(c.hidden % c.heads == 0 && c.hidden % 4 == 0, "config.hidden = ", c.hidden,
          ", must be a multiple of 4 and of config.heads = ", c.heads);
  require_range("config.feed_forward", c.feed_forward, 1, kMaxWidth * 4);
  require_range("config.head_width", c.head_width, 0, kMaxWidth);
  require_range("config.max_positions", c.max_positions, 2, 1 << 20);
  require_range("config.classes", c.classes, 0, kMaxCodes);
  require_range("config.representation_width", c.representation_width, 0, kMaxWidth);
}

void check_channels(const duovox_model_config& c) {
  const bool codebook = c.unit_embedding == DUOVOX_EMBED_CODEBOOK;
  require_range("config.contextual_codes", c.contextual_codes, 1, kMaxCodes);
  if (codebook) require_range("config.representation_width", c.representation_width, 1, kMaxWidth);
  if (!has_phonetic(c)) {
    require_range("config.phonetic_codes", c.phonetic_codes, 0, 0);
    require_range("config.phonetic_width", c.phonetic_width, 0, 0);
    return;
  }
  require_range("config.phonetic_codes", c.phonetic_codes, 1, kMaxCodes);
  if (is_dual(c)) require_range("config.phonetic_embedding", c.phonetic_embedding, 1, kMaxWidth);
  require_range("config.phonetic_width", c.phonetic_width, codebook ? 1 : 0,
                codebook ? kMaxWidth : 0);
}

void check_types(const duovox_model_config& c) {
  if (is_joint(c)) {
    require(c.type_embeddings == 0 || c.type_embeddings == 2,
            "config.type_embeddings = ", c.type_embeddings,
            ", must be 2 (or 0, which means the same) with config.kind = ", c.kind, " (joint)");
  } else {
    require_range("config.type_embeddings", c.type_embeddings, 0, 1);
  }
}

}  // namespace

duovox_model_config default_model_config() {
  duovox_model_config config{};
  config.layers = 8;
  config.hidden = 512;
  config.heads = 8;
  config.feed_forward = 2048;
  config.max_positions = 512;
  config.phonetic_embedding = 256;
  config.interaction_activation = DUOVOX_ACTIVATION_TANH;
  config.interaction_split = 1;
  config.interaction_bias = 1;
  config.dropout = 0.1;
  config.layer_norm_epsilon = 1e-12;
  return config;
}

void check(const duovox_model_config& config) {
  check_enums(config);
  check_widths(config);
  check_channels(config);
  check_types(config);
  require(config.dropout >= 0 && config.dropout < 1, "config.dropout = ", config.dropout,
          ", must be at least 0 and below 1");
  require(config.layer_norm_epsilon > 0 && config.layer_norm_epsilon <= 1,
          "config.layer_norm_epsilon = ", config.layer_norm_epsilon,
          ", must be above 0 and at most 1");
}

}  // namespace duovox
