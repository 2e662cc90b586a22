// See encoder.h.
#include "speech/encoder.h"

#include <utility>

#include "device.h"
#include "error.h"
#include "speech/cpc.h"
#include "speech/resdavenet.h"
#include "speech/wav2vec2.h"

namespace duovox {

Encoder::Encoder(int32_t device) : device_(usable_device(device)), weights_(device_) {}

void Encoder::seal() {
  require_state(!sealed_, "the encoder is sealed already");
  weights_.require_written();
  prepare(weights_);
  sealed_ = true;
}

void Encoder::check(const Chunking& chunking) const {
  require(chunking.kind == DUOVOX_WHOLE, "chunking = ", chunking.kind,
          ", must be 0 (whole): only CPC encoders cut audio themselves");
}

void Encoder::offer(std::string name, int64_t width, int64_t interval, double offset,
                    int64_t codes) {
  layers_.push_back({std::move(name), width, codes, interval, offset});
}

std::unique_ptr<Encoder> make_encoder(const duovox_encoder_config& config) {
  switch (config.family) {
    case DUOVOX_CPC:
      return std::make_unique<CpcEncoder>(config);
    case DUOVOX_RESDAVENET_VQ:
      return std::make_unique<ResdavenetEncoder>(config);
    default:
      return std::make_unique<Wav2Vec2Encoder>(config);
  }
}

}  // namespace duovox
