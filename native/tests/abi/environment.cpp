// Runs all tests on one thread: the tensors are tiny, and waiting for a second thread on a busy
// machine takes minutes.
#include <duovox/duovox.h>
#include <gtest/gtest.h>

#include <memory>

namespace {

class OneThread : public ::testing::Environment {
  void SetUp() override { ASSERT_EQ(duovox_set_threads(1), DUOVOX_OK); }
};

// GoogleTest owns it.
const ::testing::Environment* const kOneThread =
    ::testing::AddGlobalTestEnvironment(std::make_unique<OneThread>().release());

}  // namespace
