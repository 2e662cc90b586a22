// Rings of batch buffers lent to the caller.
#include "capi/guard.h"
#include "capi/handles.h"

using duovox::guard;
using duovox::require_pointer;

duovox::Inputs duovox::read_slot(const duovox_ring* ring, const duovox_batch_shape* shape,
                                 const duovox_model_config& model, Purpose purpose) {
  require_pointer(ring, "ring");
  require_pointer(shape, "shape");
  const duovox_batch batch = ring->value.batch(*shape, model);
  if (purpose == Purpose::kReconstruct) {
    const int32_t width = ring->value.config().representations;
    require(width == 0 || width == model.representation_width,
            "the ring's representations = ", width,
            ", but the model's representation_width = ", model.representation_width);
  }
  return read_batch(model, batch, *shape, purpose);
}

duovox_status duovox_ring_create(const duovox_ring_config* config, duovox_ring** out) {
  return guard("duovox_ring_create", [&] {
    require_pointer(config, "config");
    require_pointer(out, "out");
    duovox::check(*config);
    *out = std::make_unique<duovox_ring>(duovox::Ring(*config)).release();
  });
}

duovox_status duovox_ring_slot(duovox_ring* ring, int32_t slot, duovox_batch* out) {
  return guard("duovox_ring_slot", [&] {
    require_pointer(ring, "ring");
    require_pointer(out, "out");
    *out = ring->value.slot(slot);
  });
}

void duovox_ring_destroy(duovox_ring* ring) { duovox::destroy(ring); }
