// k-means: fitting a codebook and assigning codes.
#include "capi/guard.h"
#include "capi/handles.h"

using duovox::guard;
using duovox::require;
using duovox::require_pointer;

namespace {

void check_rows(const duovox_kmeans* kmeans, const float* rows, int64_t count, int64_t min_count) {
  require_pointer(kmeans, "kmeans");
  require_pointer(rows, "rows");
  require(count >= min_count, "count = ", count, ", must be at least ", min_count);
  require(count <= INT64_MAX / kmeans->value.width() / 4, "count = ", count, " is too large");
  duovox::require_finite("rows", rows, count * kmeans->value.width());
}

}  // namespace

duovox_status duovox_kmeans_create(const duovox_kmeans_config* config, duovox_kmeans** out) {
  return guard("duovox_kmeans_create", [&] {
    require_pointer(config, "config");
    require_pointer(out, "out");
    duovox::check(*config);
    *out = std::make_unique<duovox_kmeans>(duovox::KMeans(*config)).release();
  });
}

duovox_status duovox_kmeans_start(duovox_kmeans* kmeans, const float* rows, int64_t count) {
  return guard("duovox_kmeans_start", [&] {
    require_pointer(kmeans, "kmeans");
    check_rows(kmeans, rows, count, kmeans->value.clusters());
    kmeans->value.start(rows, count);
  });
}

duovox_status duovox_kmeans_minibatch(duovox_kmeans* kmeans, const float* rows, int64_t count,
                                      duovox_kmeans_report* report) {
  return guard("duovox_kmeans_minibatch", [&] {
    check_rows(kmeans, rows, count, 1);
    require_pointer(report, "report");
    *report = kmeans->value.minibatch(rows, count);
  });
}

duovox_status duovox_kmeans_lloyd_add(duovox_kmeans* kmeans, const float* rows, int64_t count) {
  return guard("duovox_kmeans_lloyd_add", [&] {
    check_rows(kmeans, rows, count, 1);
    kmeans->value.lloyd_add(rows, count);
  });
}

duovox_status duovox_kmeans_lloyd_end(duovox_kmeans* kmeans, duovox_kmeans_report* report) {
  return guard("duovox_kmeans_lloyd_end", [&] {
    require_pointer(kmeans, "kmeans");
    require_pointer(report, "report");
    *report = kmeans->value.lloyd_end();
  });
}

duovox_status duovox_kmeans_set_centroids(duovox_kmeans* kmeans, const float* centroids,
                                          int64_t count) {
  return guard("duovox_kmeans_set_centroids", [&] {
    require_pointer(kmeans, "kmeans");
    require_pointer(centroids, "centroids");
    require(count == kmeans->value.clusters(), "count = ", count,
            ", must be config.clusters = ", kmeans->value.clusters());
    duovox::require_finite("centroids", centroids, count * kmeans->value.width());
    kmeans->value.set_centroids(centroids);
  });
}

duovox_status duovox_kmeans_centroids(duovox_kmeans* kmeans, float* centroids, int64_t capacity) {
  return guard("duovox_kmeans_centroids", [&] {
    require_pointer(kmeans, "kmeans");
    require_pointer(centroids, "centroids");
    duovox::require_capacity(capacity, kmeans->value.clusters() * kmeans->value.width());
    kmeans->value.copy_centroids(centroids);
  });
}

duovox_status duovox_kmeans_assign(duovox_kmeans* kmeans, const float* rows, int64_t count,
                                   int32_t* codes) {
  return guard("duovox_kmeans_assign", [&] {
    check_rows(kmeans, rows, count, 1);
    require_pointer(codes, "codes");
    kmeans->value.assign(rows, count, codes);
  });
}

void duovox_kmeans_destroy(duovox_kmeans* kmeans) { duovox::destroy(kmeans); }
