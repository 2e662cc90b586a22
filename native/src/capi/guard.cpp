// Maps exceptions to statuses and keeps the text of each thread's last failure.
#include "capi/guard.h"

#include <c10/util/Exception.h>

#include <new>

namespace duovox {
namespace {

thread_local std::string last_error_text;  // NOLINT: the boundary's one piece of mutable state

}  // namespace

const char* last_error() noexcept { return last_error_text.c_str(); }

duovox_status fail(duovox_status status, const char* function, const char* message) noexcept {
  try {
    last_error_text = std::string(function) + ": " + message;
  } catch (...) {
    last_error_text.clear();  // no memory for the text; the status is still right
  }
  return status;
}

duovox_status fail_with_current_exception(const char* function) noexcept {
  try {
    throw;
  } catch (const Error& e) {
    return fail(e.status(), function, e.what());
  } catch (const c10::OutOfMemoryError& e) {
    return fail(DUOVOX_OUT_OF_MEMORY, function, e.what_without_backtrace());
  } catch (const c10::Error& e) {
    return fail(DUOVOX_INTERNAL, function, e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return fail(DUOVOX_OUT_OF_MEMORY, function, "out of host memory");
  } catch (const std::exception& e) {
    return fail(DUOVOX_INTERNAL, function, e.what());
  } catch (...) {
    return fail(DUOVOX_INTERNAL, function, "unknown exception");
  }
}

}  // namespace duovox
