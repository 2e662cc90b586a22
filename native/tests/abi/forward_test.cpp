// Outputs and gradients of a batch through the header: the same numbers as encode and report, zeros
// beyond the lengths, and no output written by a refused call.
#include <cmath>

#include "support.h"

namespace duovox::testing {
namespace {

constexpr int kRows = 2, kTokens = 4, kHidden = 8, kCodes = 5, kWidth = 3;
constexpr int kPlaces = kRows * kTokens;
constexpr int kPadding = 7;  // the second row has three tokens

void write_codebook(const Example& e) {
  const std::vector<float> codebook{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16};
  expect_ok(
      duovox_model_write(e.model.get(), e.index_of("contextual.codebook"), codebook.data(), 15));
}

/// Buffers for all outputs between guard values.
struct Outputs {
  Guarded contextual{kPlaces * kHidden}, phonetic{kPlaces * kHidden}, logits{kPlaces * kCodes},
      reconstruction{kPlaces * kWidth};
  duovox_forward forward{contextual.data(),
                         phonetic.data(),
                         logits.data(),
                         reconstruction.data(),
                         kPlaces* kHidden,
                         kPlaces* kHidden,
                         kPlaces* kCodes,
                         kPlaces* kWidth,
                         -1,
                         -1,
                         -1};

  bool untouched() const {
    return contextual.untouched() && phonetic.untouched() && logits.untouched() &&
           reconstruction.untouched() && forward.loss == -1;
  }
};

duovox_status forward(const Example& e, const Trainer& trainer, duovox_forward& forward,
                      int32_t gradients = 0) {
  return duovox_trainer_forward(trainer.get(), e.ring.get(), &e.shape, gradients, &forward);
}

TEST(Forward, GivesWhatEncodeAndEvaluationGive) {
  const Example e;
  write_codebook(e);
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN, 1);
  Outputs out;
  expect_ok(forward(e, trainer, out.forward));
  std::vector<float> states(kPlaces * kHidden * 2);
  expect_ok(duovox_model_encode(e.model.get(), e.ring.get(), &e.shape, -1, DUOVOX_BOTH,
                                states.data(), static_cast<int64_t>(states.size())));
  for (int place = 0; place < kPlaces; ++place) {
    for (int i = 0; i < kHidden; ++i) {
      EXPECT_EQ(out.contextual[place * kHidden + i], states[place * 2 * kHidden + i]);
      EXPECT_EQ(out.phonetic[place * kHidden + i], states[(place * 2 + 1) * kHidden + i]);
    }
  }
  expect_ok(duovox_trainer_evaluate(trainer.get(), e.ring.get(), &e.shape, 1));
  duovox_train_report report{};
  expect_ok(duovox_trainer_evaluation(trainer.get(), &report));
  EXPECT_NEAR(out.forward.loss, report.loss, 1e-6);
  EXPECT_NEAR(out.forward.mcp, report.mcp, 1e-6);
  EXPECT_NEAR(out.forward.mcr, report.mcr, 1e-6);
  EXPECT_EQ(report.step, 0);
}

TEST(Forward, LogitsExplainTheLossAndPaddingIsZero) {
  const Example e;
  write_codebook(e);
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN, 1);
  Outputs out;
  expect_ok(forward(e, trainer, out.forward));
  double loss = 0;
  for (const int place : {1, 5}) {
    double sum = 0;
    for (int i = 0; i < kCodes; ++i) sum += std::exp(out.logits[place * kCodes + i]);
    loss += std::log(sum) - out.logits[place * kCodes + e.batch.targets[place]];
  }
  EXPECT_NEAR(out.forward.mcp, loss / 2, 1e-5);
  for (int place = 0; place < kPlaces; ++place) {
    const bool padding = place == kPadding;
    EXPECT_EQ(out.logits[place * kCodes] == 0, padding) << place;
    EXPECT_EQ(out.reconstruction[place * kWidth] == 0, padding) << place;
    EXPECT_EQ(out.contextual[place * kHidden] == 0, padding) << place;
    EXPECT_EQ(out.phonetic[place * kHidden] == 0, padding) << place;
  }
  EXPECT_TRUE(out.contextual.intact() && out.phonetic.intact() && out.logits.intact() &&
              out.reconstruction.intact());
}

TEST(Forward, LeavesOutWhatIsNotWanted) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  duovox_forward nothing{};
  expect_ok(forward(e, trainer, nothing));
  EXPECT_NEAR(nothing.loss, std::log(5.0), 0.3);
  EXPECT_EQ(nothing.mcr, 0);
  Outputs out;
  out.forward.contextual = out.forward.phonetic = out.forward.reconstruction = nullptr;
  out.forward.contextual_capacity = 0;
  expect_ok(forward(e, trainer, out.forward));
  EXPECT_EQ(out.forward.loss, nothing.loss);
  EXPECT_FALSE(out.logits.untouched());
}

TEST(Forward, GradientsAreThoseOfTheLoss) {
  const Example e;
  write_codebook(e);
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN, 1);
  const int32_t index = e.index_of("heads.mcp.output.bias");
  std::vector<float> bias(kCodes), gradient(kCodes, -9);
  expect_ok(duovox_model_read(e.model.get(), index, bias.data(), kCodes));
  expect_failure_with(duovox_trainer_gradient(trainer.get(), index, gradient.data(), kCodes),
                      DUOVOX_INVALID_STATE, "the trainer's last call must be");
  duovox_forward at{};
  expect_ok(forward(e, trainer, at, 1));
  expect_ok(duovox_trainer_gradient(trainer.get(), index, gradient.data(), kCodes));
  for (int i = 0; i < kCodes; ++i) {
    double side[2];
    for (int s = 0; s < 2; ++s) {
      auto moved = bias;
      moved[i] += s == 0 ? -0.05F : 0.05F;
      expect_ok(duovox_model_write(e.model.get(), index, moved.data(), kCodes));
      duovox_forward there{};
      expect_ok(forward(e, trainer, there));
      side[s] = there.loss;
    }
    expect_ok(duovox_model_write(e.model.get(), index, bias.data(), kCodes));
    EXPECT_NEAR(gradient[i], (side[1] - side[0]) / 0.1, 1e-3) << i;
  }
  expect_failure_with(duovox_trainer_gradient(trainer.get(), index, gradient.data(), kCodes),
                      DUOVOX_INVALID_STATE, "no gradient is at hand");
}

TEST(Forward, GradientsAreZeroWhereTheLossDoesNotReachAndDoNotStay) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  duovox_forward at{};
  expect_ok(forward(e, trainer, at, 1));
  Guarded gradient(kWidth * kCodes);
  for (const char* name : {"heads.classification.output.bias", "contextual.codebook"}) {
    const int32_t index = e.index_of(name);
    duovox_parameter_info info;
    expect_ok(duovox_model_parameter(e.model.get(), index, &info));
    expect_failure_with(
        duovox_trainer_gradient(trainer.get(), index, gradient.data(), info.elements - 1),
        DUOVOX_INVALID_ARGUMENT, "capacity = ");
    expect_ok(duovox_trainer_gradient(trainer.get(), index, gradient.data(), info.elements));
    for (int64_t i = 0; i < info.elements; ++i) EXPECT_EQ(gradient[i], 0) << name;
  }
  EXPECT_TRUE(gradient.intact());
  // A step after it is a step as if it had never been.
  const Example twin;
  const Trainer plain = twin.trainer(DUOVOX_PRETRAIN);
  duovox_train_report reports[2];
  expect_ok(duovox_trainer_step(trainer.get(), e.ring.get(), &e.shape, 1));
  expect_ok(duovox_trainer_report(trainer.get(), &reports[0]));
  expect_ok(duovox_trainer_step(plain.get(), twin.ring.get(), &twin.shape, 1));
  expect_ok(duovox_trainer_report(plain.get(), &reports[1]));
  EXPECT_EQ(reports[0].gradient_norm, reports[1].gradient_norm);
}

TEST(Forward, WithoutTargetsHasNoLossAndNoGradient) {
  const Example e;
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  std::fill(e.batch.targets, e.batch.targets + kPlaces, -1);
  Outputs out;
  expect_failure_with(forward(e, trainer, out.forward, 1), DUOVOX_INVALID_ARGUMENT,
                      "gradients = 1, but the batch has no position with a loss");
  EXPECT_TRUE(out.untouched());
  expect_ok(forward(e, trainer, out.forward));
  EXPECT_TRUE(std::isnan(out.forward.loss));
  EXPECT_TRUE(std::isnan(out.forward.mcp));
  EXPECT_TRUE(std::isnan(out.forward.mcr));
  EXPECT_NE(out.logits[0], 0);
}

TEST(Forward, RefusesWhatTheModelHasNotAndSmallBuffers) {
  const Example e;
  write_codebook(e);
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN, 1);
  Outputs out;
  const auto refused = [&](int64_t duovox_forward::*member, const std::string& name) {
    const int64_t old = out.forward.*member;
    out.forward.*member = old - 1;
    expect_failure_with(forward(e, trainer, out.forward), DUOVOX_INVALID_ARGUMENT,
                        "forward." + name + "_capacity = " + std::to_string(old - 1) +
                            ", must be at least " + std::to_string(old));
    out.forward.*member = old;
  };
  refused(&duovox_forward::contextual_capacity, "contextual");
  refused(&duovox_forward::phonetic_capacity, "phonetic");
  refused(&duovox_forward::logits_capacity, "logits");
  refused(&duovox_forward::reconstruction_capacity, "reconstruction");
  expect_failure_with(forward(e, trainer, out.forward, 2), DUOVOX_INVALID_ARGUMENT,
                      "gradients = 2, must be 0 to 1");
  expect_failure_with(duovox_trainer_forward(trainer.get(), e.ring.get(), &e.shape, 0, nullptr),
                      DUOVOX_INVALID_ARGUMENT, "forward is NULL");
  expect_failure_with(duovox_trainer_forward(nullptr, e.ring.get(), &e.shape, 0, &out.forward),
                      DUOVOX_INVALID_ARGUMENT, "trainer is NULL");
  for (const int32_t objective : {DUOVOX_CLASSIFY, DUOVOX_PROBE}) {
    const Trainer other = e.trainer(objective);
    expect_failure_with(forward(e, other, out.forward), DUOVOX_INVALID_STATE,
                        "config.objective = DUOVOX_PRETRAIN");
  }
  EXPECT_TRUE(out.untouched());
}

TEST(Forward, OfASingleStreamHasNoPhoneticChannel) {
  duovox_model_config config = single_config();
  config.representation_width = 0;
  const Example e(config);
  const Trainer trainer = e.trainer(DUOVOX_PRETRAIN);
  Outputs out;
  expect_failure_with(forward(e, trainer, out.forward), DUOVOX_INVALID_ARGUMENT,
                      "has no phonetic channel");
  out.forward.phonetic = nullptr;
  expect_failure_with(forward(e, trainer, out.forward), DUOVOX_INVALID_ARGUMENT,
                      "representation_width is 0");
  EXPECT_TRUE(out.untouched());
  out.forward.reconstruction = nullptr;
  expect_ok(forward(e, trainer, out.forward));
  EXPECT_NE(out.logits[0], 0);
  EXPECT_NE(out.contextual[0], 0);
}

}  // namespace
}  // namespace duovox::testing
