// The memory of tensors: aligned, refused with the right error, and free of holes that grow.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <limits>
#include <vector>

#include "random.h"

namespace {

using duovox::Random;

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

TEST(TensorMemory, DoesNotFragmentTheHeapWithChangingSizes) {
  // Below the size from which malloc takes whole mappings, and among small blocks that live as
  // long.
  constexpr int64_t kLive = 40;
  Random random(1);
  std::array<at::Tensor, kLive> tensors;
  std::vector<std::vector<char>> small(400);
  const size_t before = mallinfo2().arena;
  for (int i = 0; i < 100'000; ++i) {
    auto& tensor = tensors.at(random.below(kLive));
    tensor = at::Tensor();
    tensor = at::empty({4'096 + random.below(110'000)}, at::kByte);
    small.at(random.below(400)) = std::vector<char>(16 + random.below(100));
  }
  const size_t live = kLive * (4'096 + 110'000 / 2);
  EXPECT_LT(mallinfo2().arena - before, 2 * live);
}

}  // namespace
