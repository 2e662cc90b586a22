// See conv_features.h. The stack runs over short stretches of time, so that data between two layers
// stays in the cache and memory does not grow with the utterance. Group norm needs statistics of
// the whole utterance: the mean and variance of the first convolution's outputs follow from those
// of its few inputs, so it needs no pass over the outputs and becomes part of the convolution.
#include "speech/conv_features.h"

#include <algorithm>
#include <string>

namespace duovox {
namespace {

constexpr int64_t kFramesAtOnce = 32;  // of the last layer; 0.64 s, 2,048 frames of the first
constexpr double kNormEpsilon = 1e-5;  // torch's default, which the reference leaves alone

std::string layer_name(int64_t index) {
  return "feature_extractor.conv_layers." + std::to_string(index);
}

}  // namespace

ConvFeatures::ConvFeatures(const duovox_encoder_config& config, Weights& weights)
    : config_(config) {
  int64_t inputs = 1;
  for (int64_t i = 0; i < config.conv_layers; ++i) {
    const int64_t outputs = config.conv_width[i];
    weights.declare(layer_name(i) + ".conv.weight", {outputs, inputs, config.conv_kernel[i]});
    if (config.conv_bias != 0) weights.declare(layer_name(i) + ".conv.bias", {outputs});
    if (i == 0 || config.conv_norm == DUOVOX_LAYER_NORM) {
      weights.declare_norm(layer_name(i) + ".layer_norm", outputs);
    }
    inputs = outputs;
  }
}

void ConvFeatures::prepare(Weights& weights) {
  for (int64_t i = 0; i < config_.conv_layers; ++i) {
    const at::Tensor weight = weights.take(layer_name(i) + ".conv.weight");
    const at::Tensor bias =
        config_.conv_bias != 0 ? weights.take(layer_name(i) + ".conv.bias") : at::Tensor();
    device_ = weight.device();
    Layer layer{FrameConv(weight, bias, config_.conv_stride[i]), {}};
    if (i == 0 || config_.conv_norm == DUOVOX_LAYER_NORM) {
      layer.norm = Affine::take(weights, layer_name(i) + ".layer_norm");
    }
    if (i == 0) {
      first_weight_ = weight.squeeze(1).to(at::kCPU, at::kDouble);
      if (bias.defined()) first_bias_ = bias.to(at::kCPU, at::kDouble);
    }
    layers_.push_back(std::move(layer));
  }
}

int64_t ConvFeatures::width() const { return config_.conv_width[config_.conv_layers - 1]; }

int64_t ConvFeatures::frames(int64_t samples) const {
  int64_t length = samples;
  for (int64_t i = 0; i < config_.conv_layers; ++i) {
    if (length < config_.conv_kernel[i]) return 0;
    length = (length - config_.conv_kernel[i]) / config_.conv_stride[i] + 1;
  }
  return length;
}

int64_t ConvFeatures::receptive_field() const {
  int64_t field = 1;
  for (int64_t i = config_.conv_layers - 1; i >= 0; --i) {
    field = (field - 1) * config_.conv_stride[i] + config_.conv_kernel[i];
  }
  return field;
}

int64_t ConvFeatures::stride() const {
  int64_t product = 1;
  for (int64_t i = 0; i < config_.conv_layers; ++i) product *= config_.conv_stride[i];
  return product;
}

FrameConv ConvFeatures::normalized_first(const at::Tensor& wave) const {
  const int64_t kernel = config_.conv_kernel[0], stride = config_.conv_stride[0];
  const int64_t frames = (wave.size(0) - kernel) / stride + 1;
  // Output c at frame t is w_c . x_t with x_t = samples [t * stride, t * stride + kernel): its mean
  // is w_c . mean(x), its variance w_c' cov(x) w_c.
  at::Tensor sum = at::zeros({kernel}, at::kDouble);
  at::Tensor products = at::zeros({kernel, kernel}, at::kDouble);
  constexpr int64_t kRows = 1 << 14;
  for (int64_t from = 0; from < frames; from += kRows) {
    const int64_t count = std::min(kRows, frames - from);
    const at::Tensor rows =
        wave.as_strided({count, kernel}, {stride, 1}, wave.storage_offset() + from * stride)
            .to(at::kDouble);
    sum += rows.sum(0);
    products.addmm_(rows.t(), rows);
  }
  const at::Tensor mean = sum / static_cast<double>(frames);
  const at::Tensor covariance =
      products / static_cast<double>(frames) - mean.unsqueeze(1) * mean.unsqueeze(0);
  const at::Tensor variance =
      (at::matmul(first_weight_, covariance) * first_weight_).sum(1).clamp_min_(0);
  at::Tensor center = at::mv(first_weight_, mean);
  const at::Tensor inverse = (variance + kNormEpsilon).rsqrt();
  const Affine& norm = layers_[0].norm;
  const at::Tensor scale = norm.weight.to(at::kCPU, at::kDouble) * inverse;
  // A bias of the convolution shifts the mean by the same amount and cancels out.
  const at::Tensor shift = norm.bias.to(at::kCPU, at::kDouble) - center * scale;
  return layers_[0].conv.scaled(scale.to(device_, at::kFloat), shift.to(device_, at::kFloat));
}

void ConvFeatures::run_layer(size_t index, const FrameConv& conv, const at::Tensor& input,
                             at::Tensor& out) const {
  conv(input, out);
  if (config_.conv_norm == DUOVOX_LAYER_NORM) {
    const Affine& norm = layers_[index].norm;
    out.copy_(at::layer_norm(out, {out.size(1)}, norm.weight, norm.bias, kNormEpsilon));
  }
  at::gelu_(out);
}

at::Tensor ConvFeatures::operator()(const at::Tensor& wave) const {
  const int64_t total = frames(wave.size(0));
  std::vector<FrameConv> convs;
  for (const Layer& layer : layers_) convs.push_back(layer.conv);
  if (config_.conv_norm == DUOVOX_GROUP_NORM) convs[0] = normalized_first(wave);
  const at::Tensor samples = wave.to(device_).unsqueeze(1);  // (samples, 1)
  at::Tensor result = at::empty({total, width()}, samples.options());
  std::vector<at::Tensor> scratch(convs.size());
  for (int64_t from = 0; from < total; from += kFramesAtOnce) {
    const int64_t to = std::min(total, from + kFramesAtOnce);
    // Frames [start, start + count) of each layer's output that this stretch needs.
    std::vector<int64_t> start(convs.size(), from), count(convs.size(), to - from);
    for (size_t i = convs.size() - 1; i > 0; --i) {
      start[i - 1] = start[i] * convs[i].stride();
      count[i - 1] = convs[i].reach(count[i]);
    }
    at::Tensor x = samples.narrow(0, start[0] * convs[0].stride(), convs[0].reach(count[0]));
    for (size_t i = 0; i < convs.size(); ++i) {
      const bool last = i + 1 == convs.size();
      if (!last && (!scratch[i].defined() || scratch[i].size(0) < count[i])) {
        scratch[i] = at::empty({count[i], convs[i].outputs()}, samples.options());
      }
      at::Tensor out = last ? result.slice(0, from, to) : scratch[i].narrow(0, 0, count[i]);
      run_layer(i, convs[i], x, out);
      x = out;
    }
  }
  return result;
}

}  // namespace duovox
