// Features that need no weights: log-mel and MFCC.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "capi/guard.h"
#include "speech/logmel.h"
#include "speech/mfcc.h"

using duovox::guard;
using duovox::require_pointer;

duovox_status duovox_logmel_config_init(duovox_logmel_config* config) {
  return guard("duovox_logmel_config_init", [&] {
    require_pointer(config, "config");
    *config = duovox::default_logmel_config();
  });
}

duovox_status duovox_logmel_frames(const duovox_logmel_config* config, int64_t samples,
                                   int64_t* frames) {
  return guard("duovox_logmel_frames", [&] {
    require_pointer(config, "config");
    require_pointer(frames, "frames");
    duovox::check(*config);
    duovox::require(samples >= 0, "samples = ", samples, ", must be at least 0");
    *frames = duovox::logmel_frames(*config, samples);
  });
}

duovox_status duovox_logmel(const duovox_logmel_config* config, const float* samples, int64_t count,
                            float* out, int64_t capacity) {
  return guard("duovox_logmel", [&] {
    require_pointer(config, "config");
    duovox::check(*config);
    duovox::require(count >= 0, "count = ", count, ", must be at least 0");
    const int64_t frames = duovox::logmel_frames(*config, count);
    if (frames == 0) return;
    require_pointer(samples, "samples");
    require_pointer(out, "out");
    duovox::require_capacity(capacity, frames * config->bands);
    duovox::require_finite("samples", samples, count);
    duovox::logmel(*config, samples, count, out);
  });
}

duovox_status duovox_mfcc_frames(int64_t samples, int64_t* frames) {
  return guard("duovox_mfcc_frames", [&] {
    require_pointer(frames, "frames");
    duovox::require(samples >= 0, "samples = ", samples, ", must be at least 0");
    *frames = duovox::mfcc_frames(samples);
  });
}

duovox_status duovox_mfcc(const float* samples, int64_t count, float* out, int64_t capacity) {
  return guard("duovox_mfcc", [&] {
    duovox::require(count >= 0, "count = ", count, ", must be at least 0");
    const int64_t frames = duovox::mfcc_frames(count);
    if (frames == 0) return;
    require_pointer(samples, "samples");
    require_pointer(out, "out");
    duovox::require_capacity(capacity, frames * duovox::kMfccWidth);
    duovox::require_finite("samples", samples, count);
    const at::NoGradGuard no_grad;
    duovox::mfcc(samples, count, out);
  });
}
