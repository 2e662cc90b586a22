// Defaults as in WPBERT, earlier code by the paper's first author: AdamW, learning rate 1e-4,
// weight decay 0.01, clipping at 1, 10,000 warm-up steps.
#include "train/config.h"

#include "error.h"
#include "train/loss_scaler.h"

namespace duovox {
namespace {

void check_objective(const duovox_train_config& c, const duovox_model_config& model) {
  require_range("config.objective", c.objective, DUOVOX_PRETRAIN, DUOVOX_PROBE);
  if (c.objective != DUOVOX_PRETRAIN) {
    require(model.classes > 0, "config.objective = ", c.objective,
            ", but the model has no classes");
    return;
  }
  require_range("config.mcr_target", c.mcr_target, DUOVOX_TARGET_CODEBOOK, DUOVOX_TARGET_FEATURE);
  require_range("config.mcp_weight", c.mcp_weight, 0, 1e6);
  require_range("config.mcr_weight", c.mcr_weight, 0, 1e6);
  require(c.mcp_weight + c.mcr_weight > 0, "config.mcp_weight and config.mcr_weight are both 0");
  require(c.mcr_weight == 0 || model.representation_width > 0, "config.mcr_weight = ", c.mcr_weight,
          ", but the model's representation_width is 0");
}

void check_optimizer(const duovox_train_config& c) {
  require_range("config.steps", c.steps, 1, int64_t{1} << 40);
  require_range("config.warmup", c.warmup, 0, c.steps);
  require_range("config.learning_rate", c.learning_rate, 0, 1e3);
  require(c.beta1 >= 0 && c.beta1 < 1, "config.beta1 = ", c.beta1, ", must be in [0, 1)");
  require(c.beta2 >= 0 && c.beta2 < 1, "config.beta2 = ", c.beta2, ", must be in [0, 1)");
  require(c.epsilon > 0 && c.epsilon <= 1, "config.epsilon = ", c.epsilon,
          ", must be above 0 and at most 1");
  require_range("config.weight_decay", c.weight_decay, 0, 1e3);
  require_range("config.clip", c.clip, 0, 1e9);
  require(c.label_smoothing >= 0 && c.label_smoothing < 1,
          "config.label_smoothing = ", c.label_smoothing, ", must be in [0, 1)");
}

void check_guards(const duovox_train_config& c) {
  require_range("config.spike_threshold", c.spike_threshold, 0, 1e9);
  require_range("config.spike_skip", c.spike_skip, 0, 1);
  require_range("config.spike_warmup", c.spike_warmup, 0, 1 << 30);
  require_range("config.loss_scale", c.loss_scale, LossScaler::kMin, LossScaler::kMax);
  require_range("config.scale_growth", c.scale_growth, 1, 1024);
  require(c.scale_backoff > 0 && c.scale_backoff < 1, "config.scale_backoff = ", c.scale_backoff,
          ", must be above 0 and below 1");
  require_range("config.scale_interval", c.scale_interval, 1, int64_t{1} << 40);
}

}  // namespace

duovox_train_config default_train_config() {
  duovox_train_config config{};
  config.objective = DUOVOX_PRETRAIN;
  config.steps = 100'000;
  config.warmup = 10'000;
  config.learning_rate = 1e-4;
  config.beta1 = 0.9;
  config.beta2 = 0.999;
  config.epsilon = 1e-8;
  config.weight_decay = 0.01;
  config.clip = 1.0;
  config.mcp_weight = 1;
  config.mcr_weight = 1;
  config.spike_threshold = 6;
  config.spike_warmup = 100;
  config.loss_scale = 65536;
  config.scale_growth = 2;
  config.scale_backoff = 0.5;
  config.scale_interval = 2000;
  return config;
}

void check(const duovox_train_config& c, const duovox_model_config& model) {
  check_objective(c, model);
  check_optimizer(c);
  check_guards(c);
}

}  // namespace duovox
