// Runtime, log-mel and k-means through the header: good calls, NULLs, bad ranges, and their
// messages.
#include <cmath>
#include <limits>
#include <thread>

#include "support.h"

namespace duovox::testing {
namespace {

TEST(Runtime, TellsVersionsAndThreads) {
  EXPECT_EQ(duovox_abi_version(), DUOVOX_ABI_VERSION);
  duovox_runtime_info info;
  expect_ok(duovox_runtime(&info));
  EXPECT_EQ(std::string(info.libtorch_version).substr(0, 2), "2.");
  EXPECT_STRNE(info.cpu_capability, "");
  EXPECT_GE(info.threads, 1);
  EXPECT_EQ(info.cuda_devices, 0);
  expect_failure(duovox_runtime(nullptr), DUOVOX_INVALID_ARGUMENT, "duovox_runtime: out is NULL");
}

TEST(Runtime, KnowsTheSizeOfEveryStruct) {
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_RUNTIME_INFO), int64_t{sizeof(duovox_runtime_info)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_LOGMEL_CONFIG), int64_t{sizeof(duovox_logmel_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_KMEANS_CONFIG), int64_t{sizeof(duovox_kmeans_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_KMEANS_REPORT), int64_t{sizeof(duovox_kmeans_report)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_MODEL_CONFIG), int64_t{sizeof(duovox_model_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_PARAMETER_INFO), int64_t{sizeof(duovox_parameter_info)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_RING_CONFIG), int64_t{sizeof(duovox_ring_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_BATCH), int64_t{sizeof(duovox_batch)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_BATCH_SHAPE), int64_t{sizeof(duovox_batch_shape)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_TRAIN_CONFIG), int64_t{sizeof(duovox_train_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_TRAIN_REPORT), int64_t{sizeof(duovox_train_report)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_ENCODER_CONFIG), int64_t{sizeof(duovox_encoder_config)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_ENCODER_LAYER), int64_t{sizeof(duovox_encoder_layer)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_ENCODE_REQUEST), int64_t{sizeof(duovox_encode_request)});
  EXPECT_EQ(duovox_sizeof(DUOVOX_STRUCT_FORWARD), int64_t{sizeof(duovox_forward)});
  EXPECT_EQ(duovox_sizeof(-1), -1);
  EXPECT_EQ(duovox_sizeof(15), -1);
}

TEST(Runtime, SetsThreads) {
  duovox_runtime_info before, after;
  expect_ok(duovox_runtime(&before));
  expect_ok(duovox_set_threads(1));
  expect_ok(duovox_runtime(&after));
  EXPECT_EQ(after.threads, 1);
  expect_ok(duovox_set_threads(before.threads));
  expect_failure(duovox_set_threads(0), DUOVOX_INVALID_ARGUMENT,
                 "duovox_set_threads: threads = 0, must be 1 to 1024");
}

TEST(Runtime, ErrorsBelongToTheirThread) {
  expect_failure(duovox_set_threads(-5), DUOVOX_INVALID_ARGUMENT,
                 "duovox_set_threads: threads = -5, must be 1 to 1024");
  std::thread([] { EXPECT_STREQ(duovox_last_error(), ""); }).join();
  EXPECT_STRNE(duovox_last_error(), "");
}

TEST(LogMel, FillsExactlyItsBuffer) {
  duovox_logmel_config config;
  expect_ok(duovox_logmel_config_init(&config));
  EXPECT_EQ(config.sample_rate, 16000);
  int64_t frames = -1;
  expect_ok(duovox_logmel_frames(&config, 1000, &frames));
  ASSERT_EQ(frames, 4);
  const std::vector<float> samples(1000, 0.25F);
  Guarded out(4 * 80);
  expect_failure(duovox_logmel(&config, samples.data(), 1000, out.data(), 319),
                 DUOVOX_INVALID_ARGUMENT, "duovox_logmel: capacity = 319, must be at least 320");
  EXPECT_TRUE(out.untouched());
  expect_ok(duovox_logmel(&config, samples.data(), 1000, out.data(), 320));
  EXPECT_TRUE(out.intact());
  EXPECT_TRUE(std::isfinite(out[319]));
  expect_ok(duovox_logmel(&config, samples.data(), 399, nullptr,
                          0));  // shorter than a window: nothing to write
}

TEST(LogMel, RefusesBadInput) {
  duovox_logmel_config config;
  duovox_logmel_config_init(&config);
  std::vector<float> samples(1000), out(320);
  int64_t frames = 0;
  expect_failure(duovox_logmel_config_init(nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_logmel_config_init: config is NULL");
  expect_failure(duovox_logmel_frames(nullptr, 1, &frames), DUOVOX_INVALID_ARGUMENT,
                 "duovox_logmel_frames: config is NULL");
  expect_failure(duovox_logmel_frames(&config, 1, nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_logmel_frames: frames is NULL");
  expect_failure(duovox_logmel_frames(&config, -1, &frames), DUOVOX_INVALID_ARGUMENT,
                 "duovox_logmel_frames: samples = -1, must be at least 0");
  expect_failure(duovox_logmel(&config, nullptr, 1000, out.data(), 320), DUOVOX_INVALID_ARGUMENT,
                 "duovox_logmel: samples is NULL");
  expect_failure(duovox_logmel(&config, samples.data(), 1000, nullptr, 320),
                 DUOVOX_INVALID_ARGUMENT, "duovox_logmel: out is NULL");
  samples[37] = NAN;
  expect_failure(duovox_logmel(&config, samples.data(), 1000, out.data(), 320),
                 DUOVOX_INVALID_ARGUMENT, "duovox_logmel: samples[37] = nan, must be finite");
  config.fft = 256;
  expect_failure_with(duovox_logmel(&config, samples.data(), 1000, out.data(), 320),
                      DUOVOX_INVALID_ARGUMENT, "config.fft = 256");
  config.fft = 512;
  config.high_hz = 8001;
  expect_failure_with(duovox_logmel_frames(&config, 1, &frames), DUOVOX_INVALID_ARGUMENT,
                      "config.high_hz = 8001");
  config.high_hz = NAN;
  expect_failure_with(duovox_logmel_frames(&config, 1, &frames), DUOVOX_INVALID_ARGUMENT,
                      "config.high_hz = nan");
  config.high_hz = 8000;
  config.low_hz = 8000;
  expect_failure_with(duovox_logmel_frames(&config, 1, &frames), DUOVOX_INVALID_ARGUMENT,
                      "config.low_hz = 8000");
  config.low_hz = 0;
  config.floor = 0;
  expect_failure_with(duovox_logmel_frames(&config, 1, &frames), DUOVOX_INVALID_ARGUMENT,
                      "config.floor = 0");
}

KMeans make_kmeans(int64_t clusters, int64_t width) {
  const duovox_kmeans_config config{clusters, width, 1};
  duovox_kmeans* kmeans = nullptr;
  expect_ok(duovox_kmeans_create(&config, &kmeans));
  return KMeans(kmeans);
}

TEST(KMeansCalls, WholeLife) {
  const KMeans kmeans = make_kmeans(2, 1);
  const std::vector<float> rows{0, 1, 10, 11};
  std::vector<int32_t> codes(4, -1);
  duovox_kmeans_report report{};
  expect_ok(duovox_kmeans_start(kmeans.get(), rows.data(), 4));
  expect_ok(duovox_kmeans_minibatch(kmeans.get(), rows.data(), 4, &report));
  expect_ok(duovox_kmeans_lloyd_add(kmeans.get(), rows.data(), 4));
  expect_ok(duovox_kmeans_lloyd_end(kmeans.get(), &report));
  EXPECT_EQ(report.rows, 4);
  EXPECT_DOUBLE_EQ(report.inertia, 1);
  Guarded centroids(2);
  expect_ok(duovox_kmeans_centroids(kmeans.get(), centroids.data(), 2));
  EXPECT_TRUE(centroids.intact());
  EXPECT_FLOAT_EQ(centroids[0] + centroids[1], 11);
  expect_ok(duovox_kmeans_assign(kmeans.get(), rows.data(), 4, codes.data()));
  EXPECT_EQ(codes[0], codes[1]);
  EXPECT_NE(codes[1], codes[2]);
}

TEST(KMeansCalls, RefuseBadArguments) {
  duovox_kmeans_config config{0, 1, 0};
  duovox_kmeans* made = nullptr;
  expect_failure(duovox_kmeans_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_create: config.clusters = 0, must be 1 to 1000000");
  config = {2, 0, 0};
  expect_failure_with(duovox_kmeans_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.width = 0");
  config = {1'000'000, 1'000'000, 0};
  expect_failure_with(duovox_kmeans_create(&config, &made), DUOVOX_INVALID_ARGUMENT,
                      "config.clusters x config.width");
  expect_failure(duovox_kmeans_create(nullptr, &made), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_create: config is NULL");
  expect_failure(duovox_kmeans_create(&config, nullptr), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_create: out is NULL");
  EXPECT_EQ(made, nullptr);
  const KMeans kmeans = make_kmeans(2, 1);
  std::vector<float> rows{0, 1};
  std::vector<int32_t> codes(2);
  duovox_kmeans_report report{};
  expect_failure(duovox_kmeans_start(nullptr, rows.data(), 2), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_start: kmeans is NULL");
  expect_failure(duovox_kmeans_start(kmeans.get(), nullptr, 2), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_start: rows is NULL");
  expect_failure(duovox_kmeans_start(kmeans.get(), rows.data(), 1), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_start: count = 1, must be at least 2");
  expect_failure_with(duovox_kmeans_assign(kmeans.get(), rows.data(), 2, codes.data()),
                      DUOVOX_INVALID_STATE, "no centroids yet");
  expect_failure_with(duovox_kmeans_lloyd_add(kmeans.get(), rows.data(), 2), DUOVOX_INVALID_STATE,
                      "no centroids yet");
  expect_failure_with(duovox_kmeans_minibatch(kmeans.get(), rows.data(), 2, &report),
                      DUOVOX_INVALID_STATE, "no centroids yet");
  expect_failure_with(duovox_kmeans_centroids(kmeans.get(), rows.data(), 2), DUOVOX_INVALID_STATE,
                      "no centroids yet");
  expect_ok(duovox_kmeans_set_centroids(kmeans.get(), rows.data(), 2));
  expect_failure(duovox_kmeans_set_centroids(kmeans.get(), rows.data(), 1), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_set_centroids: count = 1, must be config.clusters = 2");
  expect_failure_with(duovox_kmeans_lloyd_end(kmeans.get(), &report), DUOVOX_INVALID_STATE,
                      "the pass has no rows");
  expect_failure_with(duovox_kmeans_minibatch(kmeans.get(), rows.data(), 2, nullptr),
                      DUOVOX_INVALID_ARGUMENT, "report is NULL");
  expect_failure_with(duovox_kmeans_lloyd_end(kmeans.get(), nullptr), DUOVOX_INVALID_ARGUMENT,
                      "report is NULL");
  expect_failure_with(duovox_kmeans_assign(kmeans.get(), rows.data(), 0, codes.data()),
                      DUOVOX_INVALID_ARGUMENT, "count = 0");
  expect_failure_with(duovox_kmeans_assign(kmeans.get(), rows.data(), 2, nullptr),
                      DUOVOX_INVALID_ARGUMENT, "codes is NULL");
  expect_failure_with(duovox_kmeans_centroids(kmeans.get(), rows.data(), 1),
                      DUOVOX_INVALID_ARGUMENT, "capacity = 1");
  expect_failure_with(duovox_kmeans_centroids(kmeans.get(), nullptr, 2), DUOVOX_INVALID_ARGUMENT,
                      "centroids is NULL");
  rows[1] = std::numeric_limits<float>::infinity();
  expect_failure(duovox_kmeans_lloyd_add(kmeans.get(), rows.data(), 2), DUOVOX_INVALID_ARGUMENT,
                 "duovox_kmeans_lloyd_add: rows[1] = inf, must be finite");
}

}  // namespace
}  // namespace duovox::testing
