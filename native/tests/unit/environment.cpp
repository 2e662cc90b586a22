// Runs all tests on one thread: the tensors are tiny, and waiting for a second thread on a busy
// machine takes minutes.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <memory>

namespace {

class OneThread : public ::testing::Environment {
  void SetUp() override { at::set_num_threads(1); }
};

// GoogleTest owns it.
const ::testing::Environment* const kOneThread =
    ::testing::AddGlobalTestEnvironment(std::make_unique<OneThread>().release());

}  // namespace
