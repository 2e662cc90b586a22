// See embedding.h.
#include "model/embedding.h"

#include <optional>
#include <utility>

#include "model/config.h"

namespace duovox {
namespace {

/// Means or maxima of bags of rows of a table, computed in float32 or float64. pad: id that is left
/// out.
at::Tensor pool_bags(const at::Tensor& table, const at::Tensor& index, const at::Tensor& offsets,
                     bool mean, std::optional<int64_t> pad) {
  const at::Tensor wide = at_least_float(table);
  const int64_t mode = mean ? 1 : 2;  // embedding_bag's numbers
  return std::get<0>(at::embedding_bag(wide, index, offsets, false, mode, false, {}, false, pad))
      .to(table.scalar_type());
}

int64_t types(const duovox_model_config& config) {
  return is_joint(config) ? 2 : config.type_embeddings;
}

}  // namespace

at::Tensor mean_under_tokens(const at::Tensor& states, const Inputs& inputs) {
  return pool_bags(states, inputs.covered, inputs.covered_offsets, true, std::nullopt);
}

SequenceEmbedding::SequenceEmbedding(Parameters& p, const duovox_model_config& config,
                                     std::shared_ptr<const Codebook> contextual,
                                     std::shared_ptr<const Codebook> phonetic)
    : contextual_(p, "contextual", contextual_units(config), contextual_pad(config), config.hidden,
                  std::move(contextual)),
      phonetic_(is_joint(config)
                    ? std::make_optional<UnitTable>(p, "phonetic", phonetic_units(config), -1,
                                                    config.hidden, std::move(phonetic))
                    : std::nullopt),
      position_(
          p.normal("contextual.embedding.position.weight", {config.max_positions, config.hidden})),
      type_(types(config) > 0
                ? p.normal("contextual.embedding.type.weight", {types(config), config.hidden})
                : at::Tensor()),
      norm_(p, "contextual.embedding.norm", config.hidden, config.layer_norm_epsilon) {}

at::Tensor SequenceEmbedding::operator()(const Inputs& inputs, Dropout& dropout) const {
  const at::Tensor vectors =
      phonetic_ ? at::cat({contextual_.vectors(), phonetic_->vectors()}) : contextual_.vectors();
  at::Tensor x = at::embedding(vectors, inputs.ids, contextual_.pad()) +
                 at::embedding(position_, inputs.position);
  if (phonetic_) {
    x = x + at::embedding(type_, inputs.type);
  } else if (type_.defined()) {
    x = x + type_.select(0, 0);
  }
  return dropout(norm_(x));
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

at::Tensor PhoneticEmbedding::gru_ends(const Inputs& inputs) const {
  const at::Tensor states =
      (*gru_)(table_.lookup(inputs.phonetic), inputs.phonetic_offsets, inputs.by_time);
  return at::cat(
      {states.index_select(0, inputs.phonetic_start), states.index_select(0, inputs.phonetic_end)},
      1);
}

at::Tensor PhoneticEmbedding::pooled(const Inputs& inputs) const {
  const at::Tensor x =
      pool_bags(table_.vectors(), inputs.phonetic.index_select(0, inputs.covered),
                inputs.covered_offsets, pooling_ == DUOVOX_POOL_MEAN, table_.pad());
  return projection_ ? (*projection_)(x) : x;
}

}  // namespace duovox
