// The memory of tensors: aligned, refused with the right error, in a heap of their own.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <limits>

namespace {

bool is_aligned(const at::Tensor& tensor) {
  return reinterpret_cast<uintptr_t>(tensor.data_ptr()) % 64 == 0;
}

TEST(TensorMemory, AlignsEveryTensorToACacheLine) {
  for (int64_t bytes = 1; bytes < 5'000'000; bytes = bytes * 3 + 1) {
    EXPECT_TRUE(is_aligned(at::empty({bytes}, at::kByte))) << bytes;
  }
}

TEST(TensorMemory, HoldsEmptyTensors) { EXPECT_EQ(at::empty({0}).clone().numel(), 0); }

TEST(TensorMemory, SaysThatMemoryIsOutWhenItIs) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  for (const int64_t bytes : {most - 100, most / 2}) {
    EXPECT_THROW(at::empty({bytes}, at::kByte), c10::OutOfMemoryError) << bytes;
  }
}

#ifndef DUOVOX_SANITIZED
TEST(TensorMemory, LiesApartFromSmallAllocations) {
  const auto from_malloc = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
  const size_t before = from_malloc();
  const at::Tensor tensor = at::empty({10'000'000}, at::kByte);
  EXPECT_LT(from_malloc() - before, 10'000U);
}
#endif

}  // namespace
