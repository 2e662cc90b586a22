// See cpc.h. Source: Riviere et al. 2020 and the behavior of CPC_audio; the norm between
// convolutions is over the channels of a frame, with the unbiased variance.
#include "speech/cpc.h"

#include <algorithm>
#include <array>
#include <string>

#include "error.h"

namespace duovox {
namespace {

struct Shape {
  int64_t kernel;
  int64_t stride;
  int64_t padding;
};

constexpr std::array<Shape, 5> kConvs{{{10, 5, 3}, {8, 4, 2}, {4, 2, 1}, {4, 2, 1}, {4, 2, 1}}};
constexpr int64_t kStride = 160;
constexpr int64_t kReceptiveField = 465;  // of one frame, in samples
constexpr int64_t kPadding = 153;         // samples of it that lie before the audio at frame 0
constexpr double kEpsilon = 1e-5;
constexpr std::array<const char*, 4> kCellTensors{"weight_ih", "weight_hh", "bias_ih", "bias_hh"};

std::string conv_name(size_t index) { return "gEncoder.conv" + std::to_string(index); }
std::string norm_name(size_t index) { return "gEncoder.batchNorm" + std::to_string(index); }
std::string cell_name(const char* part, int64_t level) {
  return std::string("gAR.baseNet.") + part + "_l" + std::to_string(level);
}

int64_t gates(int32_t cell) { return cell == DUOVOX_LSTM ? 4 : cell == DUOVOX_GRU ? 3 : 1; }

int64_t whole_frames(int64_t samples) {
  int64_t length = samples;
  for (const Shape& conv : kConvs) {
    const int64_t padded = length + 2 * conv.padding;
    if (padded < conv.kernel) return 0;
    length = (padded - conv.kernel) / conv.stride + 1;
  }
  return length;
}

}  // namespace

CpcEncoder::CpcEncoder(const duovox_encoder_config& config)
    : Encoder(config.device), config_(config) {
  const int64_t width = config.cpc_encoder, context = config.cpc_context;
  for (size_t i = 0; i < kConvs.size(); ++i) {
    weights().declare(conv_name(i) + ".weight", {width, i == 0 ? 1 : width, kConvs[i].kernel});
    weights().declare(conv_name(i) + ".bias", {width});
    weights().declare(norm_name(i) + ".weight", {1, width, 1});
    weights().declare(norm_name(i) + ".bias", {1, width, 1});
  }
  const double offset = kReceptiveField / 2.0 - kPadding;
  offer("encoded", width, kStride, offset);
  const int64_t rows = gates(config.cpc_cell) * context;
  for (int64_t level = 0; level < config.cpc_levels; ++level) {
    weights().declare(cell_name("weight_ih", level), {rows, level == 0 ? width : context});
    weights().declare(cell_name("weight_hh", level), {rows, context});
    weights().declare(cell_name("bias_ih", level), {rows});
    weights().declare(cell_name("bias_hh", level), {rows});
    offer("context_level_" + std::to_string(level + 1), context, kStride, offset);
  }
}

void CpcEncoder::prepare(Weights& weights) {
  for (size_t i = 0; i < kConvs.size(); ++i) {
    const Affine conv = Affine::take(weights, conv_name(i));
    const Affine norm = Affine::take(weights, norm_name(i));
    convs_.push_back({FrameConv(conv.weight, conv.bias, kConvs[i].stride),
                      {norm.weight.flatten(), norm.bias.flatten()}});
  }
  for (int64_t level = 0; level < config_.cpc_levels; ++level) {
    std::vector<at::Tensor> cell;
    cell.reserve(kCellTensors.size());
    for (const char* part : kCellTensors) cell.push_back(weights.take(cell_name(part, level)));
    cells_.push_back(std::move(cell));
  }
}

void CpcEncoder::check(const Chunking& chunking) const {
  require_range("chunking", chunking.kind, DUOVOX_WHOLE, DUOVOX_CHUNK_CARRIED);
  if (chunking.kind == DUOVOX_WHOLE) return;
  require(chunking.chunk >= kStride && chunking.chunk % kStride == 0, "chunk = ", chunking.chunk,
          ", must be a multiple of ", kStride, " samples, the distance of two frames");
}

int64_t CpcEncoder::frames(int64_t /*layer*/, int64_t samples, const Chunking& chunking) const {
  return chunking.kind == DUOVOX_WHOLE ? whole_frames(samples) : samples / kStride;
}

at::Tensor CpcEncoder::encoded(const at::Tensor& wave) const {
  at::Tensor x = wave.unsqueeze(1);  // (samples, 1)
  for (size_t i = 0; i < convs_.size(); ++i) {
    const int64_t pad = kConvs[i].padding;
    x = at::constant_pad_nd(x, {0, 0, pad, pad});
    at::Tensor y = at::empty({convs_[i].conv.frames(x.size(0)), config_.cpc_encoder}, x.options());
    convs_[i].conv(x, y);
    const auto [variance, mean] =
        at::var_mean(y, at::OptionalIntArrayRef({1}), /*unbiased=*/true, /*keepdim=*/true);
    y.sub_(mean).mul_((variance + kEpsilon).rsqrt());
    x = y.mul_(convs_[i].norm.weight).add_(convs_[i].norm.bias).relu_();
  }
  return x;  // (frames, width)
}

at::Tensor CpcEncoder::recur(size_t level, const at::Tensor& x,
                             std::vector<at::Tensor>& state) const {
  const at::Tensor input = x.unsqueeze(0);  // (1, T, width)
  if (state.empty()) {
    const at::Tensor zeros = at::zeros({1, 1, config_.cpc_context}, x.options());
    state = config_.cpc_cell == DUOVOX_LSTM ? std::vector<at::Tensor>{zeros, zeros}
                                            : std::vector<at::Tensor>{zeros};
  }
  if (config_.cpc_cell == DUOVOX_LSTM) {
    auto [output, hidden, cell] =
        at::lstm(input, state, cells_[level], true, 1, 0.0, false, false, true);
    state = {hidden, cell};
    return output.squeeze(0);
  }
  auto [output, hidden] =
      config_.cpc_cell == DUOVOX_GRU
          ? at::gru(input, state[0], cells_[level], true, 1, 0.0, false, false, true)
          : at::rnn_tanh(input, state[0], cells_[level], true, 1, 0.0, false, false, true);
  state = {hidden};
  return output.squeeze(0);
}

std::vector<at::Tensor> CpcEncoder::piece(const at::Tensor& wave, int64_t deepest,
                                          State& state) const {
  std::vector<at::Tensor> levels{encoded(wave)};
  state.resize(cells_.size());
  for (int64_t level = 1; level <= deepest; ++level) {
    levels.push_back(recur(level - 1, levels.back(), state[level - 1]));
  }
  return levels;
}

std::vector<at::Tensor> CpcEncoder::levels(const at::Tensor& wave, int64_t deepest,
                                           const Chunking& chunking) const {
  State state;
  if (chunking.kind == DUOVOX_WHOLE) return piece(wave, deepest, state);
  const int64_t samples = wave.size(0), chunk = chunking.chunk;
  std::vector<std::vector<at::Tensor>> parts(deepest + 1);
  const auto add = [&](int64_t from, int64_t keep) {
    if (chunking.kind == DUOVOX_CHUNK) state.clear();
    const auto levels = piece(wave.slice(0, from, from + chunk), deepest, state);
    for (int64_t level = 0; level <= deepest; ++level) {
      parts[level].push_back(levels[level].slice(0, levels[level].size(0) - keep));
    }
  };
  int64_t start = 0;
  for (; start + chunk <= samples; start += chunk) add(start, chunk / kStride);
  const int64_t missing = (samples - start) / kStride;
  if (missing > 0) add(std::max<int64_t>(0, samples - chunk), missing);
  std::vector<at::Tensor> whole;
  whole.reserve(parts.size());
  for (const auto& level : parts) whole.push_back(at::cat(level));
  return whole;
}

std::vector<at::Tensor> CpcEncoder::encode(const std::vector<at::Tensor>& utterances,
                                           const std::vector<int64_t>& layers,
                                           const Chunking& chunking) const {
  const int64_t deepest = *std::max_element(layers.begin(), layers.end());
  std::vector<std::vector<at::Tensor>> parts(layers.size());
  for (const at::Tensor& utterance : utterances) {
    const auto outputs = levels(utterance.to(device()), deepest, chunking);
    for (size_t i = 0; i < layers.size(); ++i) parts[i].push_back(outputs[layers[i]]);
  }
  std::vector<at::Tensor> results;
  results.reserve(parts.size());
  for (const auto& layer : parts) results.push_back(at::cat(layer));
  return results;
}

}  // namespace duovox
