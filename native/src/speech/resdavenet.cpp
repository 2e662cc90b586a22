// See resdavenet.h. Source: Harwath, Hsu and Glass 2020 and the behavior of the reference
// implementation in evaluation mode.
#include "speech/resdavenet.h"

#include <algorithm>

#include "speech/decibel_mel.h"

namespace duovox {
namespace {

constexpr int64_t kKernel = 9;
constexpr double kEpsilon = 1e-5;  // torch's default, which the reference leaves alone

std::string quantizer_name(int stage) { return "quant" + std::to_string(stage + 1); }
std::string block_name(int layer, int block) {
  return "layer" + std::to_string(layer + 1) + "." + std::to_string(block) + ".";
}

at::Tensor normalized(const at::Tensor& x, const Affine& affine, const at::Tensor& mean,
                      const at::Tensor& variance) {
  return at::batch_norm(x, affine.weight, affine.bias, mean, variance, false, 0, kEpsilon, false);
}

/// Returns the code of the nearest row of codebook for each frame (T, width). Uses the reference's
/// order of operations, so that rounding breaks ties the same way.
at::Tensor nearest_codes(const at::Tensor& frames, const at::Tensor& codebook) {
  const at::Tensor distance = frames.square().sum(1, true) + codebook.square().sum(1) -
                              2 * at::matmul(frames, codebook.t());
  return distance.argmin(1);
}

}  // namespace

ResdavenetEncoder::ResdavenetEncoder(const duovox_encoder_config& config)
    : Encoder(config.device), config_(config) {
  weights().declare("conv1.weight", {config.vq_width[0], 1, kDecibelMelBands, 1});
  declare_norm("bn1", config.vq_width[0]);
  for (int layer = 0; layer < 4; ++layer) {
    const int64_t inputs = config.vq_width[layer], outputs = config.vq_width[layer + 1];
    declare_block(block_name(layer, 0), inputs, outputs, true);
    declare_block(block_name(layer, 1), outputs, outputs, false);
  }
  int64_t interval = kDecibelMelHop;
  offer("logmel", kDecibelMelBands, interval, 0);
  for (int stage = 0; stage < kStages; ++stage) {
    const int64_t width = config.vq_width[stage], codes = config.vq_codes[stage];
    if (codes == 0) {
      offer("stage" + std::to_string(stage + 1), width, interval, 0);
    } else {
      weights().declare(quantizer_name(stage) + "._embedding.weight", {codes, width});
      offer(quantizer_name(stage) + ".prequant", width, interval, 0);
      offer(quantizer_name(stage) + ".codes", 1, interval, 0, codes);
      offer(quantizer_name(stage) + ".quantized", width, interval, 0);
    }
    interval *= 2;
  }
}

void ResdavenetEncoder::declare_norm(const std::string& name, int64_t width) {
  weights().declare_norm(name, width);
  weights().declare(name + ".running_mean", {width});
  weights().declare(name + ".running_var", {width});
}

void ResdavenetEncoder::declare_block(const std::string& name, int64_t inputs, int64_t outputs,
                                      bool first) {
  weights().declare(name + "conv1.weight", {outputs, inputs, 1, kKernel});
  declare_norm(name + "bn1", outputs);
  weights().declare(name + "conv2.weight", {outputs, outputs, 1, kKernel});
  declare_norm(name + "bn2", outputs);
  if (first) {
    weights().declare(name + "downsample.0.weight", {outputs, inputs, 1, 1});
    declare_norm(name + "downsample.1", outputs);
  }
}

void ResdavenetEncoder::prepare(Weights& weights) {
  const auto conv = [&](const std::string& conv_name, const std::string& norm_name) {
    const at::Tensor weight = weights.take(conv_name + ".weight");
    const Affine affine = Affine::take(weights, norm_name);
    const at::Tensor mean = weights.take(norm_name + ".running_mean");
    return Conv{weight.flatten(2), {affine, mean, weights.take(norm_name + ".running_var")}};
  };
  input_ = conv("conv1", "bn1");
  input_.weight = input_.weight.view({config_.vq_width[0], kDecibelMelBands, 1});
  for (int layer = 0; layer < 4; ++layer) {
    for (int block = 0; block < 2; ++block) {
      const std::string name = block_name(layer, block);
      Block& b = blocks_[layer][block];
      b.first = conv(name + "conv1", name + "bn1");
      b.second = conv(name + "conv2", name + "bn2");
      if (block == 0) b.shortcut = conv(name + "downsample.0", name + "downsample.1");
    }
  }
  for (int stage = 0; stage < kStages; ++stage) {
    if (config_.vq_codes[stage] > 0) {
      codebooks_[stage] = weights.take(quantizer_name(stage) + "._embedding.weight");
    }
  }
}

int64_t ResdavenetEncoder::frames(int64_t layer, int64_t samples,
                                  const Chunking& /*chunking*/) const {
  int64_t frames = decibel_mel_frames(samples);
  for (int64_t interval = kDecibelMelHop; interval < layers()[layer].interval; interval *= 2) {
    frames = (frames + 1) / 2;
  }
  return frames;
}

/// Stage 0 maps the mel bands, stages 1 to 4 are the residual layers: (1, in, T) to (1, out, T').
at::Tensor ResdavenetEncoder::stage(int index, const at::Tensor& x) const {
  const auto apply = [](const Conv& conv, const at::Tensor& in, int64_t stride, int64_t padding) {
    return normalized(at::conv1d(in, conv.weight, {}, stride, padding), conv.norm.affine,
                      conv.norm.mean, conv.norm.variance);
  };
  if (index == 0) return at::relu(apply(input_, x, 1, 0));
  at::Tensor y = x;
  for (const Block& block : blocks_[index - 1]) {
    const bool down = block.shortcut.weight.defined();
    const at::Tensor shortcut = down ? apply(block.shortcut, y, 2, 0) : y;
    const at::Tensor inner = at::relu(apply(block.first, y, down ? 2 : 1, kKernel / 2));
    y = at::relu(apply(block.second, inner, 1, kKernel / 2) + shortcut);
  }
  return y;
}

std::vector<at::Tensor> ResdavenetEncoder::run(const at::Tensor& wave, int64_t deepest) const {
  const auto wanted = [&](const std::vector<at::Tensor>& outputs) {
    return static_cast<int64_t>(outputs.size()) <= deepest;
  };
  std::vector<at::Tensor> outputs{decibel_mel(wave, config_.vq_zero_padding != 0)};
  // The first convolution covers all bands: in one dimension the bands are its input channels.
  at::Tensor x = outputs[0].t().unsqueeze(0).to(device());  // (1, 40, T)
  for (int index = 0; index < kStages && wanted(outputs); ++index) {
    x = stage(index, x);
    const at::Tensor frames = x.squeeze(0).t().contiguous();  // (T, width)
    outputs.push_back(frames);
    if (!codebooks_[index].defined() || !wanted(outputs)) continue;
    const at::Tensor codes = nearest_codes(frames, codebooks_[index]);
    outputs.push_back(codes.unsqueeze(1).to(at::kFloat));
    outputs.push_back(codebooks_[index].index_select(0, codes));
    x = outputs.back().t().unsqueeze(0);
  }
  return outputs;
}

std::vector<at::Tensor> ResdavenetEncoder::encode(const std::vector<at::Tensor>& utterances,
                                                  const std::vector<int64_t>& layers,
                                                  const Chunking& /*chunking*/) const {
  const int64_t deepest = *std::max_element(layers.begin(), layers.end());
  std::vector<std::vector<at::Tensor>> parts(layers.size());
  for (const at::Tensor& utterance : utterances) {
    const auto outputs = run(utterance, deepest);
    for (size_t i = 0; i < layers.size(); ++i) parts[i].push_back(outputs[layers[i]]);
  }
  std::vector<at::Tensor> results;
  results.reserve(parts.size());
  for (const auto& layer : parts) results.push_back(at::cat(layer));
  return results;
}

}  // namespace duovox
