// The library's exception, a status of the C boundary with a message, and the checks that throw it.
#ifndef DUOVOX_ERROR_H
#define DUOVOX_ERROR_H

#include <c10/util/StringUtil.h>
#include <duovox/duovox.h>

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace duovox {

class Error : public std::runtime_error {
 public:
  Error(duovox_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  duovox_status status() const noexcept { return status_; }

 private:
  duovox_status status_;
};

/// Throws DUOVOX_INVALID_ARGUMENT with the concatenation of parts unless ok.
template <class... Parts>
void require(bool ok, const Parts&... parts) {
  if (!ok) throw Error(DUOVOX_INVALID_ARGUMENT, c10::str(parts...));
}

/// Throws DUOVOX_INVALID_STATE with the concatenation of parts unless ok.
template <class... Parts>
void require_state(bool ok, const Parts&... parts) {
  if (!ok) throw Error(DUOVOX_INVALID_STATE, c10::str(parts...));
}

inline void require_pointer(const void* pointer, const char* name) {
  require(pointer != nullptr, name, " is NULL");
}

/// Checks low <= value <= high; written so that NaN fails.
template <class T, class L, class H>
void require_range(const char* name, T value, L low, H high) {
  require(value >= static_cast<T>(low) && value <= static_cast<T>(high), name, " = ", value,
          ", must be ", low, " to ", high);
}

/// Checks that an out-buffer of capacity elements holds needed.
inline void require_capacity(int64_t capacity, int64_t needed) {
  require(capacity >= needed, "capacity = ", capacity, ", must be at least ", needed);
}

/// Checks a buffer of count floats for NaN and infinity; names the first bad one.
inline void require_finite(const char* name, const float* values, int64_t count) {
  // An exponent of all ones is NaN or infinite; whole numbers vectorize, unlike a float sum.
  constexpr uint32_t kExponent = 0x7F800000;
  uint32_t bad = 0;
  for (int64_t i = 0; i < count; ++i) {
    bad |= static_cast<uint32_t>((std::bit_cast<uint32_t>(values[i]) & kExponent) == kExponent);
  }
  if (bad == 0) return;
  for (int64_t i = 0; i < count; ++i) {
    require(values[i] * 0.0F == 0.0F, name, "[", i, "] = ", values[i], ", must be finite");
  }
}

}  // namespace duovox

#endif  // DUOVOX_ERROR_H
