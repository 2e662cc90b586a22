// exp, sigmoid and tanh in a form that compilers vectorize.
#ifndef DUOVOX_MODEL_FAST_MATH_H
#define DUOVOX_MODEL_FAST_MATH_H

#include <bit>
#include <cstdint>

namespace duovox {

/// Returns e^x with a relative error of about 1e-7; x is clamped to [-87, 87]. Removes multiples of
/// ln 2, then uses the polynomial of Cephes. NaN stays NaN.
constexpr float fast_exp(float x) {
  x = x < -87.0F ? -87.0F : x;
  x = x > 87.0F ? 87.0F : x;
  // Adding 1.5 x 2^23 rounds to an integer n in the lowest bits; subtracting it again gives n. A
  // conversion would be undefined for NaN.
  constexpr float kRound = 12582912.0F;
  const float rounded = x * 1.44269504088896341F + kRound;
  const float n = rounded - kRound;
  const float r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  float p = 1.9875691500E-4F;
  p = p * r + 1.3981999507E-3F;
  p = p * r + 8.3334519073E-3F;
  p = p * r + 4.1665795894E-2F;
  p = p * r + 1.6666665459E-1F;
  p = p * r + 5.0000001201E-1F;
  p = p * r * r + r + 1.0F;
  return p * std::bit_cast<float>((std::bit_cast<uint32_t>(rounded) + 127) << 23);  // p 2^n
}

constexpr float fast_sigmoid(float x) { return 1.0F / (1.0F + fast_exp(-x)); }

/// Absolute error about 1e-7.
constexpr float fast_tanh(float x) { return 2.0F * fast_sigmoid(2.0F * x) - 1.0F; }

}  // namespace duovox

#endif  // DUOVOX_MODEL_FAST_MATH_H
