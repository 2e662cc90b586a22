// See position.h. Weight norm has one length (weight_g) for each tap of the kernel.
#include "speech/position.h"

#include <string>

namespace duovox {
namespace {

constexpr double kNormEpsilon = 1e-5;  // torch's default, which the reference leaves alone
const char* const kName = "encoder.pos_conv_embed.";

std::string stacked_name(int64_t index) {
  return std::string(kName) + "layers." + std::to_string(index) + ".conv";
}

}  // namespace

PositionConv::PositionConv(const duovox_encoder_config& config, Weights& weights)
    : config_(config) {
  const std::string name(kName);
  const int64_t hidden = config.hidden, kernel = config.position_kernel;
  const std::vector<int64_t> shape{hidden, hidden / config.position_groups, kernel};
  if (config.position == DUOVOX_POSITION_STACKED) {
    for (int64_t i = 0; i < config.position_depth; ++i) {
      weights.declare(stacked_name(i) + ".weight", shape);
      weights.declare(stacked_name(i) + ".bias", {hidden});
    }
    return;
  }
  if (config.position == DUOVOX_POSITION_WEIGHT_NORM) {
    weights.declare(name + "conv.weight_g", {1, 1, kernel});
    weights.declare(name + "conv.weight_v", shape);
  } else {
    weights.declare_norm(name + "batch_norm", hidden);
    weights.declare(name + "batch_norm.running_mean", {hidden});
    weights.declare(name + "batch_norm.running_var", {hidden});
    weights.declare(name + "conv.weight", shape);
  }
  weights.declare(name + "conv.bias", {hidden});
}

void PositionConv::prepare(Weights& weights) {
  const std::string name(kName);
  if (config_.position == DUOVOX_POSITION_STACKED) {
    for (int64_t i = 0; i < config_.position_depth; ++i) {
      convs_.push_back(Affine::take(weights, stacked_name(i)));
    }
    return;
  }
  at::Tensor weight;
  if (config_.position == DUOVOX_POSITION_WEIGHT_NORM) {
    const at::Tensor direction = weights.take(name + "conv.weight_v");
    const at::Tensor length = direction.square().sum(at::IntArrayRef{0, 1}, true).sqrt();
    weight = direction * (weights.take(name + "conv.weight_g") / length);
  } else {
    batch_norm_ = Affine::take(weights, name + "batch_norm");
    running_mean_ = weights.take(name + "batch_norm.running_mean");
    running_variance_ = weights.take(name + "batch_norm.running_var");
    weight = weights.take(name + "conv.weight");
  }
  convs_.push_back({weight, weights.take(name + "conv.bias")});
}

at::Tensor PositionConv::convolve(const at::Tensor& x, const Affine& conv) const {
  const at::Tensor y = at::conv1d(x, conv.weight, conv.bias, 1, config_.position_kernel / 2, 1,
                                  config_.position_groups);
  return y.slice(2, 0, x.size(2));  // an even kernel gives one frame too many
}

at::Tensor PositionConv::operator()(const at::Tensor& frames) const {
  at::Tensor x = frames.t().unsqueeze(0);  // (1, H, T)
  if (config_.position == DUOVOX_POSITION_BATCH_NORM) {
    x = at::batch_norm(x, batch_norm_.weight, batch_norm_.bias, running_mean_, running_variance_,
                       false, 0, kNormEpsilon, false);
  }
  for (const Affine& conv : convs_) {
    x = convolve(x, conv);
    if (config_.position == DUOVOX_POSITION_STACKED) {
      x = at::layer_norm(x.transpose(1, 2), {config_.hidden}, {}, {}, kNormEpsilon).transpose(1, 2);
    }
    x = at::gelu(x);
  }
  return x.squeeze(0).t();
}

}  // namespace duovox
