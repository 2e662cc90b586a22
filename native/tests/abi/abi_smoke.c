/* The header in pure C99, with the whole life cycle of a model. Exits with the line of the first
 * failed check. */
#include <duovox/duovox.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                        \
  do {                                                                                          \
    if (!(condition)) {                                                                         \
      fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, duovox_last_error()); \
      return __LINE__ % 255 + 1;                                                                \
    }                                                                                           \
  } while (0)

enum { TOKENS = 4, ROWS = 2, HIDDEN = 8, PHONETIC = 4, CODES = 5 };

static void fill(const duovox_batch* batch) {
  int b, t;
  for (b = 0; b < ROWS; ++b) {
    for (t = 0; t < TOKENS; ++t) {
      const int at = b * TOKENS + t;
      batch->contextual[at] = t == 0 ? 5 : t == TOKENS - 1 ? 6 : t == 1 ? 7 : b;
      batch->targets[at] = t == 1 ? b + 2 : -1;
      batch->phonetic[at] = t == 0 || t == TOKENS - 1 ? 3 : (b + t) % 3;
      batch->phonetic_start[at] = t;
      batch->phonetic_end[at] = t;
    }
    batch->lengths[b] = TOKENS;
    batch->phonetic_lengths[b] = PHONETIC;
    batch->labels[b] = b;
  }
}

static int look_inside(duovox_trainer* trainer, duovox_model* model, duovox_ring* ring,
                       const duovox_batch_shape* shape) {
  float logits[ROWS * TOKENS * CODES];
  float gradient[ROWS * TOKENS * HIDDEN];
  int64_t progress[16];
  duovox_forward forward;
  duovox_parameter_info info;
  int32_t count = 0;
  int32_t i;
  memset(&forward, 0, sizeof forward);
  forward.logits = logits;
  forward.logits_capacity = ROWS * TOKENS * CODES;
  CHECK(duovox_trainer_forward(trainer, ring, shape, 1, &forward) == DUOVOX_OK);
  CHECK(forward.loss > 0 && forward.loss == forward.mcp);
  CHECK(duovox_model_parameters(model, &count) == DUOVOX_OK);
  for (i = 0; i < count; ++i) {
    CHECK(duovox_model_parameter(model, i, &info) == DUOVOX_OK);
    if (strcmp(info.name, "heads.mcp.output.bias") == 0) break;
  }
  CHECK(duovox_trainer_gradient(trainer, i, gradient, info.elements) == DUOVOX_OK);
  CHECK(duovox_trainer_tensors(trainer, &count) == DUOVOX_OK);
  for (i = 0; i < count; ++i) {
    CHECK(duovox_trainer_tensor(trainer, i, &info) == DUOVOX_OK);
    if (strcmp(info.name, "progress") == 0) break;
  }
  CHECK(info.dtype == DUOVOX_I64 && info.elements <= 16);
  CHECK(duovox_trainer_read(trainer, i, progress, sizeof progress) == DUOVOX_OK);
  CHECK(progress[0] == 20);
  CHECK(duovox_trainer_write(trainer, i, progress, info.elements * 8) == DUOVOX_OK);
  return 0;
}

static int train_and_use(duovox_model* model, duovox_ring* ring) {
  const duovox_batch_shape shape = {0, ROWS, TOKENS, PHONETIC, 0, 0};
  duovox_train_config config;
  duovox_train_report report;
  duovox_trainer* trainer = NULL;
  float states[ROWS * TOKENS * HIDDEN * 2];
  int i;
  CHECK(duovox_train_config_init(&config) == DUOVOX_OK);
  config.steps = 20;
  config.warmup = 2;
  config.mcr_weight = 0;
  CHECK(duovox_trainer_create(model, &config, &trainer) == DUOVOX_OK);
  for (i = 0; i < 20; ++i) CHECK(duovox_trainer_step(trainer, ring, &shape, 1) == DUOVOX_OK);
  CHECK(duovox_trainer_step(trainer, ring, &shape, 1) == DUOVOX_INVALID_STATE);
  CHECK(duovox_trainer_report(trainer, &report) == DUOVOX_OK);
  CHECK(report.step == 20 && report.targets == 20 * ROWS && report.loss > 0);
  CHECK(duovox_trainer_evaluate(trainer, ring, &shape, 1) == DUOVOX_OK);
  CHECK(duovox_trainer_evaluation(trainer, &report) == DUOVOX_OK);
  CHECK(report.targets == ROWS && report.gradient_norm == 0);
  i = look_inside(trainer, model, ring, &shape);
  if (i) return i;
  duovox_trainer_destroy(trainer);
  CHECK(duovox_model_encode(model, ring, &shape, -1, DUOVOX_BOTH, states,
                            (int64_t)(sizeof(states) / sizeof(states[0]))) == DUOVOX_OK);
  return 0;
}

int main(void) {
  duovox_model_config config;
  const duovox_ring_config ring_config = {1, ROWS, ROWS * TOKENS, ROWS * PHONETIC, DUOVOX_CPU, 0};
  duovox_model* model = NULL;
  duovox_ring* ring = NULL;
  duovox_batch batch;
  int failed;
  CHECK(duovox_abi_version() == DUOVOX_ABI_VERSION);
  CHECK(duovox_set_threads(1) == DUOVOX_OK);
  CHECK(duovox_last_error() != NULL);
  CHECK(duovox_model_create(NULL, &model) == DUOVOX_INVALID_ARGUMENT);
  CHECK(strcmp(duovox_last_error(), "duovox_model_create: config is NULL") == 0);
  CHECK(duovox_model_config_init(&config) == DUOVOX_OK);
  config.contextual_codes = CODES;
  config.phonetic_codes = 3;
  config.layers = 1;
  config.hidden = HIDDEN;
  config.heads = 2;
  config.feed_forward = 16;
  config.phonetic_embedding = 4;
  config.classes = 2;
  CHECK(duovox_model_create(&config, &model) == DUOVOX_OK);
  CHECK(duovox_ring_create(&ring_config, &ring) == DUOVOX_OK);
  CHECK(duovox_ring_slot(ring, 0, &batch) == DUOVOX_OK);
  fill(&batch);
  failed = train_and_use(model, ring);
  if (failed) return failed;
  duovox_ring_destroy(ring);
  duovox_model_destroy(model);
  duovox_ring_destroy(NULL);
  duovox_model_destroy(NULL);
  duovox_trainer_destroy(NULL);
  duovox_kmeans_destroy(NULL);
  duovox_encoder_destroy(NULL);
  return 0;
}
