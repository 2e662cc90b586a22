// The switch between this library's own kernels and libtorch's operations one by one, which are
// what the kernels are tested against and what a framework's cost alone is measured with.
#ifndef DUOVOX_PLAIN_H
#define DUOVOX_PLAIN_H

#include <ATen/ATen.h>

#include <cstdlib>
#include <string>

namespace duovox {

/// Returns whether the environment variable DUOVOX_PLAIN_OPERATIONS is 1, read at the first call:
/// attention that holds its probabilities, libtorch's matrix products, dropout, GRU and
/// convolution.
inline bool plain_operations() {
  static const bool plain = [] {
    const char* wanted = std::getenv("DUOVOX_PLAIN_OPERATIONS");
    return wanted != nullptr && std::string(wanted) == "1";
  }();
  return plain;
}

/// Returns whether attention, dropout and GRU run by this library's kernels on a device.
inline bool has_kernels(at::Device device) { return device.is_cpu() && !plain_operations(); }

}  // namespace duovox

#endif  // DUOVOX_PLAIN_H
