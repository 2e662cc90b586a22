// The types behind the opaque handles of duovox.h; distinct, so that a mix-up does not compile.
#ifndef DUOVOX_CAPI_HANDLES_H
#define DUOVOX_CAPI_HANDLES_H

#include <memory>

#include "model/unit_model.h"
#include "speech/encoder.h"
#include "tensor_memory.h"
#include "train/ring.h"
#include "train/trainer.h"
#include "units/kmeans.h"

struct duovox_kmeans {
  duovox::KMeans value;
};

struct duovox_encoder {
  std::unique_ptr<duovox::Encoder> value;
};

struct duovox_model {
  duovox::UnitModel value;
};

struct duovox_ring {
  duovox::Ring value;
};

struct duovox_trainer {
  duovox::Trainer value;
};

namespace duovox {

/// Destroys a handle and returns the memory of its tensors to the system.
template <class Handle>
void destroy(Handle* handle) {
  std::unique_ptr<Handle>{handle}.reset();
  trim_memory();
}

/// Checks the handles and the shape, then reads and checks the slot that shape names.
Inputs read_slot(const duovox_ring* ring, const duovox_batch_shape* shape,
                 const duovox_model_config& model, Purpose purpose);

}  // namespace duovox

#endif  // DUOVOX_CAPI_HANDLES_H
