// A ring of batch buffers that the library owns and lends to the caller.
#ifndef DUOVOX_TRAIN_RING_H
#define DUOVOX_TRAIN_RING_H

#include <ATen/ATen.h>
#include <duovox/duovox.h>

#include <cstdint>
#include <vector>

namespace duovox {

void check(const duovox_ring_config& config);

class Ring {
 public:
  explicit Ring(const duovox_ring_config& config);

  const duovox_ring_config& config() const { return config_; }

  /// Returns the buffers of a slot; throws when there is no such slot.
  duovox_batch slot(int32_t slot) const;

  /// Returns the buffers of the slot that shape names; throws unless shape fits the slot and the
  /// model's configuration.
  duovox_batch batch(const duovox_batch_shape& shape, const duovox_model_config& model) const;

 private:
  duovox_ring_config config_;
  std::vector<at::Tensor> slots_;            // one block of integers each
  std::vector<at::Tensor> representations_;  // floats; empty when batches have none
};

}  // namespace duovox

#endif  // DUOVOX_TRAIN_RING_H
