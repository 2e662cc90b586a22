// See parameters.h. Tensors of every type are read and written as float32.
#include "model/parameters.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "error.h"

namespace duovox {
namespace {

constexpr double kSigma = 0.02;

}  // namespace

Parameters::Parameters(const at::TensorOptions& options, uint64_t seed, at::ScalarType compute)
    : options_(options), compute_(compute), generator_(at::detail::createCPUGenerator(seed)) {}

at::Tensor Parameters::add(const std::string& name, const at::Tensor& value, bool decay,
                           at::ScalarType compute_type) {
  const at::Tensor stored = value.to(options_);
  // to() returns the same tensor when the type is the same.
  const at::Tensor compute = stored.to(compute_type).set_requires_grad(true);
  all_.push_back({name, stored, compute, true, decay, {}});
  return compute;
}

at::Tensor Parameters::normal(const std::string& name, at::IntArrayRef shape) {
  return add(name, at::empty(shape, at::kFloat).normal_(0, kSigma, generator_), true, compute_);
}

at::Tensor Parameters::embedding(const std::string& name, at::IntArrayRef shape, int64_t zero_row) {
  at::Tensor value = at::empty(shape, at::kFloat).normal_(0, kSigma, generator_);
  if (zero_row >= 0) value[zero_row].zero_();
  return add(name, value, true, compute_);
}

at::Tensor Parameters::uniform(const std::string& name, at::IntArrayRef shape, double bound) {
  const bool decay = shape.size() > 1;  // a vector is a bias
  return add(name, at::empty(shape, at::kFloat).uniform_(-bound, bound, generator_), decay,
             c10::typeMetaToScalarType(options_.dtype()));
}

at::Tensor Parameters::zeros(const std::string& name, at::IntArrayRef shape) {
  return add(name, at::zeros(shape, at::kFloat), false, compute_);
}

at::Tensor Parameters::ones(const std::string& name, at::IntArrayRef shape) {
  return add(name, at::ones(shape, at::kFloat), false, compute_);
}

at::Tensor Parameters::buffer(const std::string& name, at::IntArrayRef shape,
                              std::function<void()> on_write) {
  const at::Tensor value = at::zeros(shape, options_);
  all_.push_back({name, value, value, false, false, std::move(on_write)});
  return value;
}

void Parameters::refresh() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> copies, values;
  for (const NamedTensor& tensor : all_) {
    if (tensor.compute.is_same(tensor.value)) continue;
    copies.push_back(tensor.compute);
    values.push_back(tensor.value);
  }
  if (!copies.empty()) at::_foreach_copy_(copies, values);
}

const NamedTensor& Parameters::named(const std::string& name) const {
  for (const NamedTensor& tensor : all_) {
    if (tensor.name == name) return tensor;
  }
  throw Error(DUOVOX_INVALID_ARGUMENT, "no tensor named " + name);
}

void Parameters::write(size_t index, const float* values) {
  const at::NoGradGuard no_grad;
  const NamedTensor& tensor = all_.at(index);
  // from_blob takes no const pointer; the values are only read.
  tensor.value.copy_(at::from_blob(const_cast<float*>(values), tensor.value.sizes(), at::kFloat));
  if (!tensor.compute.is_same(tensor.value)) tensor.compute.copy_(tensor.value);
  if (tensor.on_write) tensor.on_write();
}

void Parameters::read(size_t index, float* values) const {
  const at::NoGradGuard no_grad;
  const at::Tensor& value = all_.at(index).value;
  at::from_blob(values, value.sizes(), at::kFloat).copy_(value);
}

}  // namespace duovox
