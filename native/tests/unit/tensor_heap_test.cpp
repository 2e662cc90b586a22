// The heap of tensors: blocks do not overlap, free ranges join, memory returns to the system.
#include "tensor_heap.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#include "random.h"

namespace {

using duovox::Random;
using duovox::TensorHeap;

struct Block {
  void* data = nullptr;
  size_t size = 0;
  int mark = 0;
};

/// Fills a fresh block with its mark.
Block take(TensorHeap& heap, size_t size, int mark) {
  Block block{heap.allocate(size), size, mark};
  std::memset(block.data, mark, size);
  return block;
}

/// Whether every byte is as it was filled.
bool is_intact(const Block& block) {
  const auto* bytes = static_cast<const unsigned char*>(block.data);
  for (size_t i = 0; i < block.size; ++i) {
    if (bytes[i] != block.mark) return false;
  }
  return true;
}

/// Takes and releases blocks of random sizes, checks their contents.
void churn(TensorHeap& heap, uint64_t seed, int rounds) {
  Random random(seed);
  std::array<Block, 40> blocks;
  for (int i = 0; i < rounds; ++i) {
    Block& block = blocks.at(random.below(blocks.size()));
    if (block.data != nullptr) {
      ASSERT_TRUE(is_intact(block));
      heap.release(block.data);
    }
    block = take(heap, 1 + random.below(60'000), static_cast<int>(random.below(256)));
    ASSERT_EQ(reinterpret_cast<uintptr_t>(block.data) % TensorHeap::kAlignment, 0U);
  }
  for (const Block& block : blocks) {
    if (block.data != nullptr) heap.release(block.data);
  }
}

TEST(TensorHeap, GivesAlignedBlocksThatDoNotOverlap) {
  TensorHeap heap;
  churn(heap, 1, 20'000);
}

TEST(TensorHeap, ServesSeveralThreads) {
  TensorHeap heap;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&heap, i] { churn(heap, i, 3'000); });
  for (auto& thread : threads) thread.join();
}

TEST(TensorHeap, JoinsWhatIsFreeInWhateverOrderItIsReleased) {
  TensorHeap heap;
  Random random(2);
  std::vector<void*> blocks;
  heap.release(heap.allocate(1));
  const size_t all = heap.mapped();
  for (int i = 0; i < 30; ++i) blocks.push_back(heap.allocate(1'000'000));
  while (!blocks.empty()) {
    std::swap(blocks.at(random.below(static_cast<int64_t>(blocks.size()))), blocks.back());
    heap.release(blocks.back());
    blocks.pop_back();
  }
  void* whole = heap.allocate(all - TensorHeap::kAlignment);
  EXPECT_EQ(heap.mapped(), all);
  heap.release(whole);
}

TEST(TensorHeap, DoesNotGrowWithChangingSizes) {
  TensorHeap heap;
  Random random(3);
  std::array<void*, 1'000> blocks{};
  const size_t live = blocks.size() * 200'000 / 2;
  for (int i = 0; i < 200'000; ++i) {
    void*& block = blocks.at(random.below(blocks.size()));
    if (block != nullptr) heap.release(block);
    block = heap.allocate(random.below(200'000));
  }
  EXPECT_LT(heap.mapped(), 2 * live);
  for (void* block : blocks) heap.release(block);
}

TEST(TensorHeap, MapsHardlyMoreThanIsTaken) {
  TensorHeap heap;
  constexpr size_t kBytes = 1'000'000;
  std::array<void*, 300> blocks{};
  for (void*& block : blocks) block = heap.allocate(kBytes);
  const size_t live = blocks.size() * kBytes;
  EXPECT_LT(heap.mapped(), live + live / 20 + (size_t{32} << 20));
  for (void* block : blocks) heap.release(block);
}

TEST(TensorHeap, UsesPagesThatWereUsedBeforeFreshOnes) {
  TensorHeap heap;
  constexpr size_t kBytes = 1'000'000;
  const Block first = take(heap, kBytes, 1);
  heap.release(first.data);
  const Block again = take(heap, kBytes / 2, 2);
  EXPECT_LE(first.data, again.data);
  EXPECT_LE(static_cast<std::byte*>(again.data) + again.size,
            static_cast<std::byte*>(first.data) + first.size + TensorHeap::kAlignment);
  heap.release(again.data);
}

TEST(TensorHeap, RefusesWhatNoSystemHas) {
  TensorHeap heap;
  for (const size_t most :
       {std::numeric_limits<size_t>::max(), std::numeric_limits<size_t>::max() / 4}) {
    for (const size_t less : {0, 63, 64, 65, 4'096}) EXPECT_EQ(heap.allocate(most - less), nullptr);
  }
  heap.release(heap.allocate(10));  // and goes on
}

/// Pages of a range that are in memory.
size_t resident(void* start, size_t bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  auto* first = static_cast<char*>(start) - reinterpret_cast<uintptr_t>(start) % page;
  std::vector<unsigned char> pages(bytes / page);
  EXPECT_EQ(mincore(first, bytes, pages.data()), 0);
  return std::count_if(pages.begin(), pages.end(), [](unsigned char in) { return in % 2 == 1; });
}

TEST(TensorHeap, GivesFreePagesBackWhenAskedAndNoOthers) {
  TensorHeap heap;
  constexpr size_t kBytes = 4 << 20;
  const Block before = take(heap, kBytes, 1);
  const Block free = take(heap, kBytes, 2);
  const Block after = take(heap, kBytes, 3);
  heap.release(free.data);
  EXPECT_GE(resident(free.data, kBytes), kBytes / sysconf(_SC_PAGESIZE));
  heap.trim();
  EXPECT_LE(resident(free.data, kBytes), 2U);
  EXPECT_TRUE(is_intact(before) && is_intact(after));
  heap.release(before.data);
  heap.release(after.data);
}

}  // namespace
