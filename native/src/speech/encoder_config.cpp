// Defaults and checks of an encoder's configuration.
#include <algorithm>
#include <array>

#include "error.h"
#include "speech/encoder.h"

namespace duovox {
namespace {

constexpr int32_t kMaxWidth = 1 << 16;
constexpr int32_t kMaxLayers = 1024;

void set_wav2vec2_base(duovox_encoder_config& c) {
  constexpr std::array<int32_t, 7> kKernels{10, 3, 3, 3, 3, 2, 2};
  constexpr std::array<int32_t, 7> kStrides{5, 2, 2, 2, 2, 2, 2};
  c.conv_layers = 7;
  std::fill_n(c.conv_width, 7, 512);
  std::copy(kKernels.begin(), kKernels.end(), c.conv_kernel);
  std::copy(kStrides.begin(), kStrides.end(), c.conv_stride);
  c.conv_norm = DUOVOX_GROUP_NORM;
  c.projection_norm = 1;
  c.hidden = 768;
  c.layers = 12;
  c.heads = 12;
  c.feed_forward = 3072;
  c.position = DUOVOX_POSITION_WEIGHT_NORM;
  c.position_kernel = 128;
  c.position_groups = 16;
  c.position_depth = 5;
  c.relative_distance = 800;
}

void check_convolutions(const duovox_encoder_config& c) {
  require_range("config.conv_layers", c.conv_layers, 1, 16);
  for (int32_t i = 0; i < c.conv_layers; ++i) {
    require_range("config.conv_width", c.conv_width[i], 1, kMaxWidth);
    require_range("config.conv_kernel", c.conv_kernel[i], 1, 4096);
    require_range("config.conv_stride", c.conv_stride[i], 1, c.conv_kernel[i]);
  }
  require_range("config.conv_bias", c.conv_bias, 0, 1);
  require_range("config.conv_norm", c.conv_norm, 0, 1);
  require_range("config.projection_norm", c.projection_norm, 0, 1);
}

void check_transformer(const duovox_encoder_config& c) {
  require_range("config.hidden", c.hidden, 1, kMaxWidth);
  require_range("config.layers", c.layers, 1, kMaxLayers);
  require_range("config.heads", c.heads, 1, c.hidden);
  require(c.hidden % c.heads == 0, "config.hidden = ", c.hidden,
          ", must be a multiple of config.heads = ", c.heads);
  require_range("config.feed_forward", c.feed_forward, 1, 1 << 20);
  require_range("config.stable_norm", c.stable_norm, 0, 1);
  require_range("config.position", c.position, 0, 2);
  require_range("config.position_kernel", c.position_kernel, 1, 4096);
  require_range("config.position_groups", c.position_groups, 1, c.hidden);
  require(c.hidden % c.position_groups == 0, "config.hidden = ", c.hidden,
          ", must be a multiple of config.position_groups = ", c.position_groups);
  require_range("config.position_depth", c.position_depth, 1, 64);
  require(c.relative_buckets == 0 || (c.relative_buckets >= 4 && c.relative_buckets % 2 == 0 &&
                                      c.relative_buckets <= kMaxWidth),
          "config.relative_buckets = ", c.relative_buckets, ", must be 0 or even and at least 4");
  require(c.relative_buckets == 0 || c.relative_distance > c.relative_buckets / 4,
          "config.relative_distance = ", c.relative_distance, ", must be above a quarter of ",
          c.relative_buckets, " buckets");
}

void check_quantizer(const duovox_encoder_config& c) {
  require_range("config.code_groups", c.code_groups, 0, 64);
  if (c.code_groups == 0) return;
  require_range("config.codes", c.codes, 1, kMaxWidth);
  require_range("config.code_width", c.code_width, 1, kMaxWidth);
  require(c.code_width % c.code_groups == 0, "config.code_width = ", c.code_width,
          ", must be a multiple of config.code_groups = ", c.code_groups);
}

}  // namespace

duovox_encoder_config default_encoder_config(int32_t family) {
  require_range("family", family, DUOVOX_WAV2VEC2, DUOVOX_RESDAVENET_VQ);
  duovox_encoder_config c{};
  c.family = family;
  set_wav2vec2_base(c);
  c.cpc_encoder = 256;
  c.cpc_context = 256;
  c.cpc_levels = 1;
  constexpr std::array<int32_t, 5> kWidths{128, 256, 256, 512, 1024};
  std::copy(kWidths.begin(), kWidths.end(), c.vq_width);
  c.vq_codes[1] = 1024;
  c.vq_codes[2] = 1024;
  c.layer_norm_epsilon = 1e-5;
  return c;
}

void check(const duovox_encoder_config& c) {
  require_range("config.family", c.family, DUOVOX_WAV2VEC2, DUOVOX_RESDAVENET_VQ);
  require_range("config.device", c.device, DUOVOX_CPU, DUOVOX_CUDA);
  require(c.layer_norm_epsilon > 0 && c.layer_norm_epsilon < 1,
          "config.layer_norm_epsilon = ", c.layer_norm_epsilon, ", must be above 0 and below 1");
  if (c.family == DUOVOX_WAV2VEC2) {
    require_range("config.standardize", c.standardize, 0, 1);
    check_convolutions(c);
    check_transformer(c);
    check_quantizer(c);
  } else if (c.family == DUOVOX_CPC) {
    require_range("config.cpc_encoder", c.cpc_encoder, 2, kMaxWidth);
    require_range("config.cpc_context", c.cpc_context, 1, kMaxWidth);
    require_range("config.cpc_levels", c.cpc_levels, 1, 64);
    require_range("config.cpc_cell", c.cpc_cell, DUOVOX_LSTM, DUOVOX_RNN_TANH);
  } else {
    for (int i = 0; i < 5; ++i) {
      require_range("config.vq_width", c.vq_width[i], 1, kMaxWidth);
      require_range("config.vq_codes", c.vq_codes[i], 0, kMaxWidth);
    }
    require_range("config.vq_zero_padding", c.vq_zero_padding, 0, 1);
  }
}

}  // namespace duovox
