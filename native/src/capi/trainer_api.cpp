// Training: steps, evaluations and their reports.
#include "capi/guard.h"
#include "capi/handles.h"
#include "train/config.h"

using duovox::guard;
using duovox::require_pointer;

namespace {

constexpr int32_t kMaxParts = 1 << 22;

/// Reads and checks all parts before anything changes: one wrong part refuses the whole call.
std::vector<duovox::Inputs> read_parts(const duovox_trainer* trainer, const duovox_ring* ring,
                                       const duovox_batch_shape* parts, int32_t count) {
  require_pointer(trainer, "trainer");
  require_pointer(parts, "parts");
  duovox::require_range("count", count, 1, kMaxParts);
  const duovox::Trainer& value = trainer->value;
  std::vector<duovox::Inputs> inputs;
  inputs.reserve(count);
  for (int32_t i = 0; i < count; ++i) {
    inputs.push_back(read_slot(ring, parts + i, value.model().config(), value.purpose()));
  }
  return inputs;
}

}  // namespace

duovox_status duovox_train_config_init(duovox_train_config* config) {
  return guard("duovox_train_config_init", [&] {
    require_pointer(config, "config");
    *config = duovox::default_train_config();
  });
}

duovox_status duovox_trainer_create(duovox_model* model, const duovox_train_config* config,
                                    duovox_trainer** out) {
  return guard("duovox_trainer_create", [&] {
    require_pointer(model, "model");
    require_pointer(config, "config");
    require_pointer(out, "out");
    duovox::check(*config, model->value.config());
    auto runner = duovox::make_step_runner(model->value.device());
    *out = std::unique_ptr<duovox_trainer>(
               new duovox_trainer{{model->value, *config, std::move(runner)}})
               .release();
  });
}

duovox_status duovox_trainer_step(duovox_trainer* trainer, duovox_ring* ring,
                                  const duovox_batch_shape* parts, int32_t count) {
  return guard("duovox_trainer_step", [&] {
    const auto inputs = read_parts(trainer, ring, parts, count);
    trainer->value.step(inputs);
  });
}

duovox_status duovox_trainer_evaluate(duovox_trainer* trainer, duovox_ring* ring,
                                      const duovox_batch_shape* parts, int32_t count) {
  return guard("duovox_trainer_evaluate", [&] {
    const auto inputs = read_parts(trainer, ring, parts, count);
    trainer->value.evaluate(inputs);
  });
}

duovox_status duovox_trainer_report(duovox_trainer* trainer, duovox_train_report* report) {
  return guard("duovox_trainer_report", [&] {
    require_pointer(trainer, "trainer");
    require_pointer(report, "report");
    *report = trainer->value.report();
  });
}

duovox_status duovox_trainer_evaluation(duovox_trainer* trainer, duovox_train_report* report) {
  return guard("duovox_trainer_evaluation", [&] {
    require_pointer(trainer, "trainer");
    require_pointer(report, "report");
    *report = trainer->value.evaluation();
  });
}

void duovox_trainer_destroy(duovox_trainer* trainer) { duovox::destroy(trainer); }
