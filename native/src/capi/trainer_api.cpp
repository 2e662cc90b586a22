// Training steps and their reports.
#include "capi/guard.h"
#include "capi/handles.h"
#include "train/config.h"

using duovox::guard;
using duovox::require_pointer;

namespace {

duovox::Inputs read_for(const duovox_trainer* trainer, const duovox_ring* ring,
                        const duovox_batch_shape* shape) {
  require_pointer(trainer, "trainer");
  return read_slot(ring, shape, trainer->value.model().config(), trainer->value.purpose());
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
    require_pointer(trainer, "trainer");
    require_pointer(parts, "parts");
    duovox::require_range("count", count, 1, 1 << 20);
    // All parts are read before anything changes: a wrong one refuses the step.
    std::vector<duovox::Inputs> inputs;
    for (int32_t i = 0; i < count; ++i) inputs.push_back(read_for(trainer, ring, parts + i));
    trainer->value.step(inputs);
  });
}

duovox_status duovox_trainer_evaluate(duovox_trainer* trainer, duovox_ring* ring,
                                      const duovox_batch_shape* shape) {
  return guard("duovox_trainer_evaluate", [&] {
    const duovox::Inputs inputs = read_for(trainer, ring, shape);
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
