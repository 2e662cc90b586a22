// The loss functions of pretraining and classification: means over the positions (or utterances)
// with a loss.
#ifndef DUOVOX_TRAIN_LOSSES_H
#define DUOVOX_TRAIN_LOSSES_H

#include <ATen/ATen.h>

#include "model/layers.h"

namespace duovox {

/// Masked context prediction: cross-entropy of the true contextual unit, in nats (Kim et al. 2024,
/// arXiv 2402.01298; the masked language model of Devlin et al. 2019 over units). logits (M, V),
/// targets (M). Also the loss of classes, with label smoothing (Szegedy et al. 2016).
inline at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& targets,
                                double label_smoothing = 0) {
  return at::cross_entropy_loss(at_least_float(logits), targets, {}, at::Reduction::Mean, -100,
                                label_smoothing);
}

/// Masked context reconstruction: mean absolute error to the standardized contextual
/// representation, the codebook vector of the true unit or the token's own (Kim et al. 2024; L1).
/// reconstructed and targets (M, R).
inline at::Tensor reconstruction_error(const at::Tensor& reconstructed, const at::Tensor& targets) {
  return at::l1_loss(at_least_float(reconstructed), at_least_float(targets));
}

}  // namespace duovox

#endif  // DUOVOX_TRAIN_LOSSES_H
