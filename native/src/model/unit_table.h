// The embedding vectors of a channel's units: free vectors, or free vectors plus a learned linear
// map of the codebook.
#ifndef DUOVOX_MODEL_UNIT_TABLE_H
#define DUOVOX_MODEL_UNIT_TABLE_H

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/layers.h"

namespace duovox {

/// The codebook of a channel as written by the caller, and standardized: minus the mean over the
/// codes, divided by the root mean square of what remains, so that losses and embeddings do not
/// depend on the scale of a representation.
class Codebook {
 public:
  /// Registers the buffer "channel.codebook" (codes, width), zeros until written.
  Codebook(Parameters& p, const std::string& channel, int64_t codes, int64_t width);
  Codebook(const Codebook&) = delete;
  Codebook& operator=(const Codebook&) = delete;

  /// (codes, width); zeros until the buffer is written.
  const at::Tensor& standardized() const { return standardized_; }
  /// Returns representations x (M, width) on the same scale.
  at::Tensor standardize(const at::Tensor& x) const;
  /// Whether the vectors differ, so that something can be learned from them. They do not while the
  /// buffer was never written, also when its zeros were saved with a model and written again.
  bool has_spread() const { return spread_; }

 private:
  void read_scale();

  at::Tensor values_, mean_, scale_, standardized_;
  bool spread_ = false;
};

class UnitTable {
 public:
  /// @param units number of ids, the codes first
  /// @param pad id whose vector is zero and not trained; -1 for none
  /// @param codebook adds Linear(standardized codebook vector) to each code's vector; may be null
  UnitTable(Parameters& p, const std::string& channel, int64_t units, int64_t pad, int64_t width,
            std::shared_ptr<const Codebook> codebook);

  /// The vector of every unit: (units, width).
  at::Tensor vectors() const;
  /// The vectors of ids (...): (..., width).
  at::Tensor lookup(const at::Tensor& ids) const;
  int64_t pad() const { return pad_; }

 private:
  at::Tensor free_;  // (units, width)
  int64_t pad_;
  std::shared_ptr<const Codebook> codebook_;
  std::optional<Linear> projection_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_UNIT_TABLE_H
