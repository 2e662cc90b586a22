// Precompiled header: libtorch's headers take 10 to 30 s per translation unit, so they are read
// once.
#ifndef DUOVOX_PCH_H
#define DUOVOX_PCH_H

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#endif  // DUOVOX_PCH_H
