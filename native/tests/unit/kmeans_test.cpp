// k-means on data with a known result; determinism, empty clusters and ties.
#include "units/kmeans.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "error.h"
#include "random.h"
#include "units/dots.h"
#include "units/nearest.h"

namespace duovox {
namespace {

/// count rows around each of the given centers, one center after the other in turn.
std::vector<float> blobs(const std::vector<std::vector<float>>& centers, int count, uint64_t seed) {
  Random random(seed);
  std::vector<float> rows;
  for (int i = 0; i < count; ++i) {
    for (const auto& center : centers) {
      for (const float x : center) rows.push_back(x + static_cast<float>(random.uniform() - 0.5));
    }
  }
  return rows;
}

const std::vector<std::vector<float>> kCenters{{0, 0, 0}, {10, 0, 0}, {0, 10, 0}, {0, 0, 10}};

std::vector<float> centroids(const KMeans& kmeans) {
  std::vector<float> values(kmeans.clusters() * kmeans.width());
  kmeans.copy_centroids(values.data());
  return values;
}

void expect_near_centers(const KMeans& kmeans) {
  const auto actual = centroids(kmeans);
  std::set<int> hit;
  for (int64_t k = 0; k < kmeans.clusters(); ++k) {
    for (int c = 0; c < 4; ++c) {
      double distance = 0;
      for (int j = 0; j < 3; ++j) distance += std::pow(actual[k * 3 + j] - kCenters[c][j], 2);
      if (distance < 0.1) hit.insert(c);
    }
  }
  EXPECT_EQ(hit.size(), 4U);
}

TEST(KMeans, FindsKnownClustersByLloyd) {
  const auto rows = blobs(kCenters, 200, 1);
  KMeans kmeans({4, 3, 7});
  kmeans.start(rows.data(), 800);
  duovox_kmeans_report last{};
  for (int pass = 0; pass < 5; ++pass) {
    kmeans.lloyd_add(rows.data(), 300);
    kmeans.lloyd_add(rows.data() + 900, 500);
    last = kmeans.lloyd_end();
  }
  expect_near_centers(kmeans);
  EXPECT_EQ(last.rows, 800);
  EXPECT_EQ(last.empty_clusters, 0);
  EXPECT_LT(last.shift, 1e-6);
  EXPECT_NEAR(last.inertia / 800, 0.25, 0.03);  // three uniform variables: 3 / 12
}

TEST(KMeans, FindsKnownClustersByMiniBatches) {
  const auto rows = blobs(kCenters, 1000, 2);
  KMeans kmeans({4, 3, 7});
  kmeans.start(rows.data(), 400);
  for (int step = 0; step < 40; ++step) kmeans.minibatch(rows.data() + step * 300, 100);
  expect_near_centers(kmeans);
}

TEST(KMeans, MiniBatchIsTheRunningMean) {
  const std::vector<float> start{0, 10}, first{1, 3, 9}, second{2, 12, 14, 11};
  KMeans kmeans({2, 1, 0});
  kmeans.set_centroids(start.data());
  const auto report = kmeans.minibatch(first.data(), 3);
  EXPECT_EQ(centroids(kmeans), (std::vector<float>{2, 9}));
  EXPECT_DOUBLE_EQ(report.inertia, 1 + 9 + 1);
  EXPECT_DOUBLE_EQ(report.shift, 2);
  kmeans.minibatch(second.data(), 4);
  EXPECT_EQ(centroids(kmeans), (std::vector<float>{2, 11.5}));  // (1+3+2)/3 and (9+12+14+11)/4
}

TEST(KMeans, SameSeedSameBitsForEveryThreadCountAndChunking) {
  const auto rows = blobs(kCenters, 500, 3);
  const auto fit = [&](int threads, int chunk) {
    at::set_num_threads(threads);
    KMeans kmeans({16, 3, 5});
    kmeans.start(rows.data(), 2000);
    for (int pass = 0; pass < 3; ++pass) {
      for (int i = 0; i < 2000; i += chunk)
        kmeans.lloyd_add(rows.data() + i * 3, std::min(chunk, 2000 - i));
      kmeans.lloyd_end();
    }
    return centroids(kmeans);
  };
  const int threads = at::get_num_threads();
  const auto reference = fit(2, 2000);
  EXPECT_EQ(fit(1, 2000), reference);
  EXPECT_EQ(fit(2, 170), reference);
  at::set_num_threads(threads);
}

TEST(KMeans, StartTakesDistinctRowsAndDependsOnTheSeed) {
  std::vector<float> rows(50);
  std::iota(rows.begin(), rows.end(), 0.0F);
  const auto start = [&](uint64_t seed) {
    KMeans kmeans({50, 1, seed});
    kmeans.start(rows.data(), 50);
    return centroids(kmeans);
  };
  const auto actual = start(1);
  EXPECT_EQ(std::set<float>(actual.begin(), actual.end()).size(), 50U);
  EXPECT_EQ(actual, start(1));
  EXPECT_NE(actual, start(2));
}

TEST(KMeans, FewerDistinctRowsThanClustersIsNoError) {
  const std::vector<float> rows{1, 1, 1, 2, 2, 2};
  KMeans kmeans({4, 1, 0});
  kmeans.start(rows.data(), 6);
  kmeans.lloyd_add(rows.data(), 6);
  const auto report = kmeans.lloyd_end();
  EXPECT_EQ(report.inertia, 0);
  EXPECT_EQ(report.empty_clusters, 2);
  for (const float value : centroids(kmeans)) EXPECT_TRUE(value == 1 || value == 2) << value;
}

TEST(KMeans, EmptyClusterTakesTheFarthestRow) {
  const std::vector<float> start{0, 100, 200}, rows{0, 1, 2, 30, 99, 101};
  KMeans kmeans({3, 1, 0});
  kmeans.set_centroids(start.data());
  kmeans.lloyd_add(rows.data(), 6);
  const auto report = kmeans.lloyd_end();
  EXPECT_EQ(report.empty_clusters, 1);
  EXPECT_EQ(centroids(kmeans), (std::vector<float>{1, 100, 30}));
}

TEST(KMeans, TiesGoToTheLowerCode) {
  std::vector<float> start(40, 3.0F);
  KMeans kmeans({40, 1, 0});
  kmeans.set_centroids(start.data());
  const std::vector<float> rows{0, 3, 5};
  std::vector<int32_t> codes(3, -1);
  kmeans.assign(rows.data(), 3, codes.data());
  EXPECT_EQ(codes, (std::vector<int32_t>{0, 0, 0}));
}

TEST(KMeans, AssignEqualsBruteForce) {
  at::manual_seed(4);
  const at::Tensor rows = at::randn({3000, 19}), centers = at::randn({37, 19});
  std::vector<int32_t> codes(3000);
  Nearest(centers).find(rows.const_data_ptr<float>(), 3000, codes.data(), nullptr);
  const at::Tensor expected = at::cdist(rows.to(at::kDouble), centers.to(at::kDouble)).argmin(1);
  int different = 0;
  for (int i = 0; i < 3000; ++i) different += codes[i] != expected[i].item<int64_t>();
  EXPECT_EQ(different, 0);
}

TEST(KMeans, MiniBatchesGiveADeadClusterTheFarthestRow) {
  const std::vector<float> start{0, 100, 1e6};
  std::vector<float> rows(100);
  for (int i = 0; i < 100; ++i) rows[i] = i % 2 == 0 ? 0 : 100;
  rows[42] = 40;
  KMeans kmeans({3, 1, 0});
  kmeans.set_centroids(start.data());
  EXPECT_EQ(kmeans.minibatch(rows.data(), 100).empty_clusters, 1);
  EXPECT_EQ(centroids(kmeans)[2], 1e6F);  // 100 rows of 300 after which a cluster is dead
  kmeans.minibatch(rows.data(), 100);
  EXPECT_EQ(centroids(kmeans)[2], 1e6F);
  kmeans.minibatch(rows.data(), 100);
  EXPECT_EQ(centroids(kmeans)[2], 40);
  EXPECT_EQ(kmeans.minibatch(rows.data(), 100).empty_clusters, 0);
}

TEST(KMeans, WideRowsGiveTheSameBitsForEveryThreadCount) {
  at::manual_seed(6);
  const at::Tensor rows = at::randn({3000, 200}) + 5;
  const auto* x = rows.const_data_ptr<float>();
  const int threads = at::get_num_threads();
  const auto fit = [&](int count) {
    at::set_num_threads(count);
    KMeans kmeans({64, 200, 9});
    kmeans.start(x, 3000);
    for (int i = 0; i < 3; ++i) kmeans.minibatch(x + i * 200'000, 1000);
    kmeans.lloyd_add(x, 3000);
    for (const int64_t few : {1, 2, 3, 65, 127, 130}) kmeans.lloyd_add(x, few);
    std::vector<double> ends{kmeans.lloyd_end().inertia};
    const auto values = centroids(kmeans);
    ends.insert(ends.end(), values.begin(), values.end());
    return ends;
  };
  const auto reference = fit(1);
  EXPECT_EQ(fit(2), reference);
  EXPECT_EQ(fit(3), reference);
  at::set_num_threads(threads);
}

TEST(KMeans, RowsFarFromTheOriginFindTheirCentroids) {
  at::manual_seed(8);
  const at::Tensor centers = at::randn({50, 30}) + 3000;
  const at::Tensor rows = centers.repeat({20, 1}) + 0.05 * at::randn({1000, 30});
  std::vector<int32_t> codes(1000);
  Nearest(centers).find(rows.const_data_ptr<float>(), 1000, codes.data(), nullptr);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(codes[i], i % 50);
}

TEST(KMeans, DistancesAreExact) {
  at::manual_seed(9);
  const at::Tensor rows = at::randn({333, 37}), centers = at::randn({5, 37});
  std::vector<int32_t> codes(333);
  std::vector<double> distances(333);
  Nearest(centers).find(rows.const_data_ptr<float>(), 333, codes.data(), distances.data());
  for (int i = 0; i < 333; ++i) {
    const at::Tensor d = rows[i].to(at::kDouble) - centers[codes[i]].to(at::kDouble);
    EXPECT_NEAR(distances[i], d.square().sum().item<double>(), 1e-12);
  }
}

TEST(KMeans, DotsEqualAProductWhateverTheEdges) {
  at::manual_seed(10);
  for (const int64_t width : {1, 16, 37}) {
    for (const int64_t points : {1, 4, 7}) {
      const at::Tensor a = at::randn({5, width}), b = at::randn({points, width});
      at::Tensor out = at::full({5, 9}, -77.0F);
      dots(a.const_data_ptr<float>(), 5, b.const_data_ptr<float>(), points, width,
           out.mutable_data_ptr<float>(), 9);
      EXPECT_TRUE(at::allclose(out.slice(1, 0, points), a.mm(b.t()), 1e-4, 1e-5));
      EXPECT_TRUE((out.slice(1, points) == -77).all().item<bool>());
    }
  }
}

TEST(KMeans, NeedsCentroidsAndRows) {
  KMeans kmeans({2, 1, 0});
  const std::vector<float> rows{1, 2};
  std::vector<int32_t> codes(2);
  EXPECT_THROW(kmeans.assign(rows.data(), 2, codes.data()), Error);
  EXPECT_THROW(kmeans.lloyd_add(rows.data(), 2), Error);
  kmeans.start(rows.data(), 2);
  EXPECT_THROW(kmeans.lloyd_end(), Error);
}

}  // namespace
}  // namespace duovox
