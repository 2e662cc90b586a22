// Every function of the C boundary runs inside guard(), which no exception leaves.
#ifndef DUOVOX_CAPI_GUARD_H
#define DUOVOX_CAPI_GUARD_H

#include <c10/core/InferenceMode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "error.h"

namespace duovox {

/// Returns the calling thread's last failure. Never NULL.
const char* last_error() noexcept;

/// Stores "function: message" as the thread's last failure and returns status.
duovox_status fail(duovox_status status, const char* function, const char* message) noexcept;

/// Turns the current exception into a status. Call only from a catch block.
duovox_status fail_with_current_exception(const char* function) noexcept;

/// Sets libtorch's modes for the calling thread while it lives: gradients on, inference mode and
/// autocast off. Another library in the process may have changed them (DJL switches gradients off);
/// its modes come back on exit.
class ThreadModes {
  c10::InferenceMode no_inference_{false};  // also switches gradients on
  c10::impl::ExcludeDispatchKeyGuard no_autocast_{c10::autocast_dispatch_keyset};
};

/// Runs body (returning void). Turns every exception into a status and a message that starts with
/// function.
template <class Body>
duovox_status guard(const char* function, Body&& body) noexcept {
  try {
    ThreadModes modes;
    body();
    return DUOVOX_OK;
  } catch (...) {
    return fail_with_current_exception(function);
  }
}

}  // namespace duovox

#endif  // DUOVOX_CAPI_GUARD_H
