// k-means when memory runs out: a call that fails at any of its allocations changes nothing.
#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

#include "support.h"
#include "units/kmeans.h"

namespace {

/// Allocations that this thread may still make; negative: any number.
thread_local int64_t allowed = -1;  // NOLINT

bool is_allowed() {
  if (allowed == 0) return false;
  if (allowed > 0) --allowed;
  return true;
}

/// libtorch's allocator of tensors, with the same limit.
class LimitedTensors final : public c10::Allocator {
 public:
  explicit LimitedTensors(c10::Allocator* plenty) : plenty_(plenty) {}
  c10::DataPtr allocate(size_t bytes) override {
    if (!is_allowed()) throw std::bad_alloc();
    return plenty_->allocate(bytes);
  }
  c10::DeleterFnPtr raw_deleter() const override { return plenty_->raw_deleter(); }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

 private:
  c10::Allocator* plenty_;
};

}  // namespace

// Replace the operators of the whole program; without a limit they behave the same.
void* operator new(size_t bytes, const std::nothrow_t& /*unused*/) noexcept {
  return is_allowed() ? std::malloc(bytes == 0 ? 1 : bytes) : nullptr;  // NOLINT
}
void* operator new(size_t bytes) {
  void* found = operator new(bytes, std::nothrow);
  if (found == nullptr) throw std::bad_alloc();
  return found;
}
void operator delete(void* block) noexcept { std::free(block); }          // NOLINT
void operator delete(void* block, size_t) noexcept { std::free(block); }  // NOLINT
void operator delete(void* block, const std::nothrow_t& /*unused*/) noexcept {
  std::free(block);  // NOLINT
}

namespace duovox::testing {
namespace {

class KMeansMemory : public ::testing::Test {
 protected:
  void SetUp() override { c10::SetCPUAllocator(&limited_, kPriority); }
  void TearDown() override { c10::SetCPUAllocator(plenty_, kPriority); }

  /// Runs call with memory for 0, 1, 2, ... allocations until it succeeds; after each failure the
  /// codebook must be used() as one that never saw the call.
  static void expect_all_or_nothing(const std::function<KMeans()>& prepared,
                                    const std::function<void(KMeans&)>& call,
                                    const std::function<std::vector<double>(KMeans&)>& used) {
    KMeans untouched = prepared();
    const std::vector<double> expected = used(untouched);
    for (int64_t allocations = 0;; ++allocations) {
      KMeans kmeans = prepared();
      if (succeeds(kmeans, call, allocations)) {
        EXPECT_GT(allocations, 3);
        return;
      }
      EXPECT_EQ(used(kmeans), expected) << "no memory after " << allocations << " allocations";
    }
  }

 private:
  static bool succeeds(KMeans& kmeans, const std::function<void(KMeans&)>& call,
                       int64_t allocations) {
    allowed = allocations;
    bool failed = false;
    try {
      call(kmeans);
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allowed = -1;
    return !failed;
  }

  static constexpr uint8_t kPriority = 1;  // that of our allocator
  c10::Allocator* plenty_ = c10::GetCPUAllocator();
  LimitedTensors limited_{plenty_};
};

constexpr int64_t kRows = 100;

/// Two heaps and one row far from both.
std::vector<float> rows() {
  std::vector<float> values(kRows);
  for (int i = 0; i < kRows; ++i) values[i] = i % 2 == 0 ? 0.25F * static_cast<float>(i % 7) : 100;
  values[42] = 40;
  return values;
}

std::vector<double> centroids(const KMeans& kmeans) {
  std::vector<float> values(kmeans.clusters() * kmeans.width());
  kmeans.copy_centroids(values.data());
  return {values.begin(), values.end()};
}

void append(std::vector<double>& to, const duovox_kmeans_report& report) {
  to.insert(to.end(), {static_cast<double>(report.rows), static_cast<double>(report.empty_clusters),
                       report.inertia, report.shift});
}

KMeans started() {
  const std::vector<float> start{0, 100, 1e6};  // the third is dead after three mini-batches
  KMeans kmeans({3, 1, 0});
  kmeans.set_centroids(start.data());
  return kmeans;
}

KMeans before_the_death() {
  KMeans kmeans = started();
  for (int i = 0; i < 2; ++i) kmeans.minibatch(rows().data(), kRows);
  return kmeans;
}

KMeans within_a_pass() {
  KMeans kmeans = started();
  kmeans.lloyd_add(rows().data(), kRows);
  return kmeans;
}

std::vector<double> minibatches(KMeans& kmeans) {
  std::vector<double> found = centroids(kmeans);
  for (int i = 0; i < 2; ++i) {
    append(found, kmeans.minibatch(rows().data(), kRows));
    for (const double value : centroids(kmeans)) found.push_back(value);
  }
  return found;
}

std::vector<double> rest_of_the_pass(KMeans& kmeans) {
  std::vector<double> found = centroids(kmeans);
  kmeans.lloyd_add(rows().data(), kRows / 2);
  append(found, kmeans.lloyd_end());
  for (const double value : minibatches(kmeans)) found.push_back(value);
  return found;
}

TEST_F(KMeansMemory, MiniBatchIsAllOrNothing) {
  const auto values = rows();
  expect_all_or_nothing(
      before_the_death, [&](KMeans& k) { k.minibatch(values.data(), kRows); }, minibatches);
}

TEST_F(KMeansMemory, ChunkOfALloydPassIsAllOrNothing) {
  const auto values = rows();
  expect_all_or_nothing(
      within_a_pass, [&](KMeans& k) { k.lloyd_add(values.data(), kRows); }, rest_of_the_pass);
}

TEST_F(KMeansMemory, EndOfALloydPassIsAllOrNothing) {
  expect_all_or_nothing(
      within_a_pass, [](KMeans& k) { k.lloyd_end(); }, rest_of_the_pass);
}

TEST_F(KMeansMemory, NewCentroidsAreAllOrNothing) {
  const auto values = rows();
  expect_all_or_nothing(
      within_a_pass, [&](KMeans& k) { k.set_centroids(values.data()); }, rest_of_the_pass);
  expect_all_or_nothing(
      within_a_pass, [&](KMeans& k) { k.start(values.data(), kRows); }, rest_of_the_pass);
}

}  // namespace
}  // namespace duovox::testing
