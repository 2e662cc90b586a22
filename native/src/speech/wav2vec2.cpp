// See wav2vec2.h. Source of the arithmetic: the papers (Baevski et al. 2020, Hsu et al. 2021,
// Baevski et al. 2022, Chen et al. 2022) and the behavior of the reference implementations.
#include "speech/wav2vec2.h"

#include <algorithm>
#include <string>

#include "matrix_product.h"

namespace duovox {
namespace {

constexpr int64_t kConv = 0;
constexpr int64_t kExtractFeatures = 1;
constexpr int64_t kCodes = 2;  // with a quantizer
constexpr double kVarianceFloor = 1e-7;

}  // namespace

Wav2Vec2Encoder::Wav2Vec2Encoder(const duovox_encoder_config& config)
    : Encoder(config.device),
      config_(config),
      features_(config, weights()),
      transformer_(config, weights()) {
  const int64_t width = features_.width();
  if (config.projection_norm != 0) weights().declare_norm("feature_projection.layer_norm", width);
  weights().declare_linear("feature_projection.projection", width, config.hidden);
  const int64_t interval = features_.stride();
  const double offset = static_cast<double>(features_.receptive_field()) / 2;
  offer("conv", width, interval, offset);
  offer("extract_features", width, interval, offset);
  if (config.code_groups > 0) {
    weights().declare_linear("quantizer.weight_proj", width,
                             int64_t{config.code_groups} * config.codes);
    offer("codes", config.code_groups, interval, offset, config.codes);
  }
  for (int64_t i = 0; i <= config.layers; ++i) {
    offer("hidden_state_" + std::to_string(i), config.hidden, interval, offset);
  }
  offer("last_hidden_state", config.hidden, interval, offset);
}

void Wav2Vec2Encoder::prepare(Weights& weights) {
  features_.prepare(weights);
  transformer_.prepare(weights);
  if (config_.projection_norm != 0) {
    projection_norm_ = Affine::take(weights, "feature_projection.layer_norm");
  }
  projection_ = Affine::take(weights, "feature_projection.projection");
  if (config_.code_groups > 0) code_logits_ = Affine::take(weights, "quantizer.weight_proj");
}

int64_t Wav2Vec2Encoder::frames(int64_t /*layer*/, int64_t samples,
                                const Chunking& /*chunking*/) const {
  return features_.frames(samples);
}

at::Tensor Wav2Vec2Encoder::standardized(const at::Tensor& wave) const {
  if (config_.standardize == 0) return wave;
  const at::Tensor exact = wave.to(at::kDouble);
  const auto [variance, mean] =
      at::var_mean(exact, at::OptionalIntArrayRef({0}), /*unbiased=*/false);
  return ((exact - mean) / (variance + kVarianceFloor).sqrt()).to(at::kFloat);
}

at::Tensor Wav2Vec2Encoder::convolved(const std::vector<at::Tensor>& utterances,
                                      Bounds& bounds) const {
  std::vector<at::Tensor> parts;
  for (const at::Tensor& utterance : utterances) {
    parts.push_back(features_(standardized(utterance)));
    bounds.push_back(bounds.back() + parts.back().size(0));
  }
  return parts.size() == 1 ? parts[0] : at::cat(parts);
}

/// Evaluation mode of the Gumbel quantizer: the most likely code of each group.
at::Tensor Wav2Vec2Encoder::codes(const at::Tensor& features) const {
  const at::Tensor logits = product(features, code_logits_.weight.t(), code_logits_.bias);
  return logits.view({features.size(0), config_.code_groups, config_.codes})
      .argmax(-1)
      .to(at::kFloat);
}

std::vector<at::Tensor> Wav2Vec2Encoder::encode(const std::vector<at::Tensor>& utterances,
                                                const std::vector<int64_t>& layers,
                                                const Chunking& /*chunking*/) const {
  std::vector<at::Tensor> results(layers.size());
  const auto keep = [&](int64_t layer, const at::Tensor& value) {
    const auto found = std::find(layers.begin(), layers.end(), layer);
    if (found != layers.end()) results[found - layers.begin()] = value;
  };
  const int64_t deepest = *std::max_element(layers.begin(), layers.end());
  Bounds bounds{0};
  at::Tensor x = convolved(utterances, bounds);
  keep(kConv, x);
  if (deepest == kConv) return results;
  if (config_.projection_norm != 0) {
    x = at::layer_norm(x, {x.size(1)}, projection_norm_.weight, projection_norm_.bias,
                       config_.layer_norm_epsilon);
  }
  keep(kExtractFeatures, x);
  const bool wanted = std::find(layers.begin(), layers.end(), kCodes) != layers.end();
  if (config_.code_groups > 0 && wanted) keep(kCodes, codes(x));
  if (deepest < first_hidden()) return results;
  x = transformer_.embed(product(x, projection_.weight.t(), projection_.bias), bounds);
  keep(first_hidden(), x);
  const int64_t last = first_hidden() + config_.layers;
  for (int64_t layer = first_hidden() + 1; layer <= std::min(deepest, last); ++layer) {
    x = transformer_.layer(layer - first_hidden() - 1, x, bounds);
    keep(layer, x);
  }
  if (deepest > last) keep(last + 1, transformer_.finish(x));
  return results;
}

}  // namespace duovox
