// Conversions between float and shorter types, in a form that compilers vectorize.
#ifndef DUOVOX_MODEL_NARROW_H
#define DUOVOX_MODEL_NARROW_H

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <bit>
#include <cstdint>

namespace duovox {

/// The type in which values of type T are computed.
template <class T>
struct Wide {
  using type = float;
};
template <>
struct Wide<double> {
  using type = double;
};

template <class T>
typename Wide<T>::type widen(T x) {
  return static_cast<typename Wide<T>::type>(x);
}
template <>
inline float widen(c10::BFloat16 x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x.x) << 16);
}

template <class T>
T narrow_to(typename Wide<T>::type x) {
  return static_cast<T>(x);
}
/// To nearest, ties to even; NaN stays NaN.
template <>
inline c10::BFloat16 narrow_to(float x) {
  const auto bits = std::bit_cast<uint32_t>(x);
  const uint32_t rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;
  const uint32_t chosen = x == x ? rounded : 0x7FC0U;
  return c10::BFloat16(static_cast<uint16_t>(chosen), c10::BFloat16::from_bits());
}

}  // namespace duovox

#endif  // DUOVOX_MODEL_NARROW_H
