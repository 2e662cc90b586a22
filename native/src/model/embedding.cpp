// See embedding.h. Padding never enters: phonetic units are packed, and tokens beyond a row's
// length are zeroed.
#include "model/embedding.h"

#include "model/config.h"

namespace duovox {

ContextualEmbedding::ContextualEmbedding(Parameters& p, const duovox_model_config& config,
                                         std::shared_ptr<const Codebook> codebook)
    : table_(p, "contextual", contextual_units(config), contextual_pad(config), config.hidden,
             std::move(codebook)),
      position_(
          p.normal("contextual.embedding.position.weight", {config.max_positions, config.hidden})),
      norm_(p, "contextual.embedding.norm", config.hidden, config.layer_norm_epsilon) {}

at::Tensor ContextualEmbedding::operator()(const Inputs& inputs, Dropout& dropout) const {
  const at::Tensor x = table_.lookup(inputs.contextual) + position_.narrow(0, 0, inputs.tokens);
  return inputs.without_padding(dropout(norm_(x)));
}

PhoneticEmbedding::PhoneticEmbedding(Parameters& p, const duovox_model_config& config,
                                     std::shared_ptr<const Codebook> codebook)
    : pooling_(config.phonetic_pooling),
      table_(p, "phonetic", phonetic_units(config), phonetic_pad(config), config.phonetic_embedding,
             std::move(codebook)) {
  if (pooling_ == DUOVOX_GRU_ENDS) {
    gru_.emplace(p, "phonetic.embedding.gru", config.phonetic_embedding, config.hidden / 4);
  } else if (config.phonetic_embedding != config.hidden) {
    projection_.emplace(p, "phonetic.embedding.projection", config.phonetic_embedding,
                        config.hidden);
  }
}

at::Tensor PhoneticEmbedding::operator()(const Inputs& inputs) const {
  const at::Tensor x = pooling_ == DUOVOX_GRU_ENDS ? gru_ends(inputs) : pooled(inputs);
  return inputs.without_padding(x.view({inputs.rows, inputs.tokens, -1}));
}

at::Tensor PhoneticEmbedding::gru_ends(const Inputs& inputs) const {
  const at::Tensor states = (*gru_)(table_.lookup(inputs.phonetic), inputs.row_offsets);
  return at::cat(
      {states.index_select(0, inputs.phonetic_start), states.index_select(0, inputs.phonetic_end)},
      1);
}

at::Tensor PhoneticEmbedding::pooled(const Inputs& inputs) const {
  // Every token's units, first to last, one token after the other.
  const at::Tensor sizes = inputs.phonetic_end - inputs.phonetic_start + 1;  // (B * T)
  const at::Tensor offsets = sizes.cumsum(0) - sizes;
  const at::Tensor shift = (inputs.phonetic_start - offsets).repeat_interleave(sizes);
  const at::Tensor index = at::arange(shift.size(0), shift.options()) + shift;
  const int64_t mode = pooling_ == DUOVOX_POOL_MEAN ? 1 : 2;  // embedding_bag's numbers
  const at::Tensor x =
      std::get<0>(at::embedding_bag(table_.vectors(), inputs.phonetic.index_select(0, index),
                                    offsets, false, mode, false, {}, false, table_.pad()));
  return projection_ ? (*projection_)(x) : x;
}

}  // namespace duovox
