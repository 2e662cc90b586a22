// A model's named tensors, created in a fixed order and initialized from the model's seed.
#ifndef DUOVOX_MODEL_PARAMETERS_H
#define DUOVOX_MODEL_PARAMETERS_H

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace duovox {

struct NamedTensor {
  std::string name;
  at::Tensor value;    // stored and optimized: float32, or float64 for gradient checks
  at::Tensor compute;  // used by the layers, and has the gradient: value itself, or a copy in the
                       // precision of the passes
  bool trainable;      // false for a buffer
  bool decay;          // whether weight decay applies; false for biases and norms
  std::function<void()> on_write;  // updates tensors derived from a buffer; may be empty
};

class Parameters {
 public:
  /// Values are drawn on the CPU by a generator of this object, so that a seed gives the same model
  /// on every device.
  /// @param compute type of the tensors that the layers use; that of options, or a shorter one
  Parameters(const at::TensorOptions& options, uint64_t seed, at::ScalarType compute);
  Parameters(const at::TensorOptions& options, uint64_t seed)
      : Parameters(options, seed, c10::typeMetaToScalarType(options.dtype())) {}

  /// BERT's initialization: normal with standard deviation 0.02.
  at::Tensor normal(const std::string& name, at::IntArrayRef shape);
  /// The same with zeros in row zero_row; in no row when it is negative.
  at::Tensor embedding(const std::string& name, at::IntArrayRef shape, int64_t zero_row);
  /// Uniform in [-bound, bound], without a copy for the passes: recurrences compute in the stored
  /// type.
  at::Tensor uniform(const std::string& name, at::IntArrayRef shape, double bound);
  at::Tensor zeros(const std::string& name, at::IntArrayRef shape);
  at::Tensor ones(const std::string& name, at::IntArrayRef shape);
  /// Not trained; zeros until written.
  at::Tensor buffer(const std::string& name, at::IntArrayRef shape, std::function<void()> on_write);

  const std::vector<NamedTensor>& all() const { return all_; }

  /// Returns the tensor of that name; throws when there is none.
  const NamedTensor& named(const std::string& name) const;

  /// Updates all copies for the passes from their values; call after an optimizer update.
  void refresh();

  /// Overwrites a tensor with float32 values (elements of the tensor), row-major.
  void write(size_t index, const float* values);
  /// Copies a tensor out as float32, row-major.
  void read(size_t index, float* values) const;

 private:
  at::Tensor add(const std::string& name, const at::Tensor& value, bool decay,
                 at::ScalarType compute);

  at::TensorOptions options_;
  at::ScalarType compute_;
  at::Generator generator_;
  std::vector<NamedTensor> all_;
};

}  // namespace duovox

#endif  // DUOVOX_MODEL_PARAMETERS_H
