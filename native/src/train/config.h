// Defaults and checks of the training configuration.
#ifndef DUOVOX_TRAIN_CONFIG_H
#define DUOVOX_TRAIN_CONFIG_H

#include <duovox/duovox.h>

namespace duovox {

duovox_train_config default_train_config();

/// Throws DUOVOX_INVALID_ARGUMENT naming the member that is out of range or does not fit the
/// model.
void check(const duovox_train_config& config, const duovox_model_config& model);

}  // namespace duovox

#endif  // DUOVOX_TRAIN_CONFIG_H
