// See speech_transformer.h. Linear layers run over all packed frames at once, attention and the
// position convolution utterance by utterance.
#include "speech/speech_transformer.h"

#include <utility>

#include "matrix_product.h"
#include "speech/relative_position.h"

namespace duovox {
namespace {

std::string layer_name(int64_t index) { return "encoder.layers." + std::to_string(index) + "."; }

at::Tensor linear(const at::Tensor& x, const Affine& map) {
  return product(x, map.weight.t(), map.bias);
}

}  // namespace

SpeechTransformer::SpeechTransformer(const duovox_encoder_config& config, Weights& weights)
    : config_(config), position_(config, weights) {
  const int64_t hidden = config.hidden, head = hidden / config.heads;
  weights.declare_norm("encoder.layer_norm", hidden);
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string name = layer_name(i);
    for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      weights.declare_linear(name + "attention." + part, hidden, hidden);
    }
    if (config.relative_buckets > 0) {
      weights.declare(name + "attention.gru_rel_pos_const", {1, config.heads, 1, 1});
      weights.declare_linear(name + "attention.gru_rel_pos_linear", head, 8);
    }
    weights.declare_norm(name + "layer_norm", hidden);
    weights.declare_linear(name + "feed_forward.intermediate_dense", hidden, config.feed_forward);
    weights.declare_linear(name + "feed_forward.output_dense", config.feed_forward, hidden);
    weights.declare_norm(name + "final_layer_norm", hidden);
  }
  if (config.relative_buckets > 0) {
    weights.declare(layer_name(0) + "attention.rel_attn_embed.weight",
                    {config.relative_buckets, config.heads});
  }
}

void SpeechTransformer::prepare(Weights& weights) {
  position_.prepare(weights);
  norm_ = Affine::take(weights, "encoder.layer_norm");
  for (int64_t i = 0; i < config_.layers; ++i) {
    const std::string name = layer_name(i);
    const Affine q = Affine::take(weights, name + "attention.q_proj");
    const Affine k = Affine::take(weights, name + "attention.k_proj");
    const Affine v = Affine::take(weights, name + "attention.v_proj");
    Layer layer;
    layer.qkv = {at::cat({q.weight, k.weight, v.weight}), at::cat({q.bias, k.bias, v.bias})};
    layer.output = Affine::take(weights, name + "attention.out_proj");
    layer.attention_norm = Affine::take(weights, name + "layer_norm");
    layer.inner = Affine::take(weights, name + "feed_forward.intermediate_dense");
    layer.outer = Affine::take(weights, name + "feed_forward.output_dense");
    layer.final_norm = Affine::take(weights, name + "final_layer_norm");
    if (config_.relative_buckets > 0) {
      layer.gate = Affine::take(weights, name + "attention.gru_rel_pos_linear");
      layer.gate_constant =
          weights.take(name + "attention.gru_rel_pos_const").view({config_.heads, 1});
    }
    layers_.push_back(std::move(layer));
  }
  if (config_.relative_buckets > 0) {
    relative_ = weights.take(layer_name(0) + "attention.rel_attn_embed.weight");
  }
}

at::Tensor SpeechTransformer::normalize(const at::Tensor& x, const Affine& norm) const {
  return at::layer_norm(x, {config_.hidden}, norm.weight, norm.bias, config_.layer_norm_epsilon);
}

at::Tensor SpeechTransformer::embed(const at::Tensor& frames, const Bounds& bounds) const {
  at::Tensor x = at::empty_like(frames);
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    const at::Tensor one = frames.slice(0, bounds[i], bounds[i + 1]);
    at::Tensor out = x.slice(0, bounds[i], bounds[i + 1]);
    at::add_out(out, one, position_(one));
  }
  return config_.stable_norm != 0 ? x : normalize(x, norm_);
}

at::Tensor SpeechTransformer::layer(size_t index, const at::Tensor& x, const Bounds& bounds) const {
  const Layer& layer = layers_[index];
  if (config_.stable_norm != 0) {
    const at::Tensor attended = x + attention(layer, normalize(x, layer.attention_norm), bounds);
    return attended + feed_forward(layer, normalize(attended, layer.final_norm));
  }
  const at::Tensor attended = normalize(attention(layer, x, bounds).add_(x), layer.attention_norm);
  return normalize(feed_forward(layer, attended).add_(attended), layer.final_norm);
}

at::Tensor SpeechTransformer::finish(const at::Tensor& x) const {
  return config_.stable_norm != 0 ? normalize(x, norm_) : x;
}

at::Tensor SpeechTransformer::feed_forward(const Layer& layer, const at::Tensor& x) const {
  at::Tensor inner = linear(x, layer.inner);
  return linear(at::gelu_(inner), layer.outer);
}

at::Tensor SpeechTransformer::attention(const Layer& layer, const at::Tensor& x,
                                        const Bounds& bounds) const {
  const at::Tensor qkv = linear(x, layer.qkv);  // (N, 3 H)
  at::Tensor all = at::empty_like(x);
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    const int64_t from = bounds[i], to = bounds[i + 1];
    const at::Tensor one = mixed(layer, x.slice(0, from, to), qkv.slice(0, from, to));
    all.slice(0, from, to).view({to - from, config_.heads, -1}).copy_(one.transpose(0, 1));
  }
  return linear(all, layer.output);
}

/// Attention of one utterance: (heads, T, d).
at::Tensor SpeechTransformer::mixed(const Layer& layer, const at::Tensor& x,
                                    const at::Tensor& qkv) const {
  const int64_t frames = x.size(0), heads = config_.heads;
  const auto parts =
      qkv.view({frames, 3, heads, config_.hidden / heads}).permute({1, 2, 0, 3}).unbind(0);
  if (config_.relative_buckets > 0) {
    const at::Tensor buckets =
        relative_buckets(frames, config_.relative_buckets, config_.relative_distance);
    const at::Tensor bias = relative_.index_select(0, buckets.to(x.device())).t();
    return attend_with_bias(parts[0], parts[1], parts[2], bias, gates(layer, x));
  }
  return at::scaled_dot_product_attention(parts[0].unsqueeze(0), parts[1].unsqueeze(0),
                                          parts[2].unsqueeze(0))[0];
}

/// WavLM's gate of each head and query, from the frames that go into attention: (heads, T).
at::Tensor SpeechTransformer::gates(const Layer& layer, const at::Tensor& x) const {
  const int64_t frames = x.size(0), heads = config_.heads;
  const at::Tensor each = x.view({frames * heads, config_.hidden / heads});
  const at::Tensor halves =
      at::sigmoid(linear(each, layer.gate).view({frames, heads, 2, 4}).sum(-1));  // (T, heads, 2)
  const at::Tensor a = halves.select(2, 0).t(), b = halves.select(2, 1).t();
  return a * (b * layer.gate_constant - 1.0) + 2.0;
}

}  // namespace duovox
