package org.duovox.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Against torchaudio 2.11.0, `functional.resample` in double precision, on 1,000 samples of noise
/// at full scale.
class ResamplerTest {
  private static final double TOLERANCE = 1e-6;

  static Stream<Arguments> golden() {
    return Stream.of(
        golden(
            8000,
            2000,
            599.99841451,
            new int[] {0, 1, 2, 666, 1000, 1998, 1999},
            0.296830316,
            -0.178696537,
            -0.373997372,
            -0.559047842,
            -0.641638963,
            0.487591478,
            0.306215812),
        golden(
            11025,
            1452,
            435.40189219,
            new int[] {0, 1, 2, 484, 726, 1450, 1451},
            0.296830316,
            -0.330622440,
            -0.068052609,
            -0.248757504,
            -0.675802339,
            0.469091305,
            0.095718544),
        golden(
            16001,
            1000,
            321.86248676,
            new int[] {0, 1, 2, 333, 500, 998, 999},
            0.296746487,
            -0.373874156,
            0.331867638,
            -0.555308738,
            -0.658861920,
            0.196502902,
            0.482945423),
        golden(
            22050,
            726,
            156.84628214,
            new int[] {0, 1, 2, 242, 363, 724, 725},
            0.057759894,
            -0.009450975,
            -0.326727110,
            -0.152196298,
            -0.503905185,
            0.293791935,
            0.334662760),
        golden(
            44100,
            363,
            35.50254361,
            new int[] {0, 1, 2, 121, 181, 361, 362},
            0.045874708,
            -0.191527960,
            -0.074386137,
            -0.201044217,
            -0.004048417,
            0.377993946,
            0.254398252),
        golden(
            48000,
            334,
            29.49890571,
            new int[] {0, 1, 2, 111, 167, 332, 333},
            0.023838104,
            -0.175812364,
            -0.069094428,
            -0.236504424,
            -0.199149352,
            0.393853722,
            0.189132148));
  }

  private static Arguments golden(
      int rate, int length, double energy, int[] indices, double... values) {
    return Arguments.of(rate, length, energy, indices, values);
  }

  /// The C standard's example generator, scaled to [-1, 1).
  private static float[] noise(int count) {
    float[] samples = new float[count];
    long state = 12345;
    for (int i = 0; i < count; i++) {
      state = (state * 1103515245L + 12345) & 0x7FFFFFFF;
      samples[i] = (float) (state / (double) 0x40000000 - 1.0);
    }
    return samples;
  }

  @ParameterizedTest
  @MethodSource("golden")
  void equalsTorchaudio(int rate, int length, double energy, int[] indices, double[] values) {
    float[] output = Resampler.of(rate, 16_000).apply(noise(1000));
    assertEquals(length, output.length);
    for (int i = 0; i < indices.length; i++) {
      assertEquals(values[i], output[indices[i]], TOLERANCE, "output " + indices[i]);
    }
    double sum = 0;
    for (float value : output) {
      sum += (double) value * value;
    }
    assertEquals(energy, sum, 1e-6 * energy);
  }

  @Test
  void piecesGiveTheSameBits() {
    float[] samples = noise(50_000);
    for (int rate : new int[] {8000, 44100, 16001}) {
      Resampler resampler = Resampler.of(rate, 16_000);
      FloatArray output = new FloatArray();
      Resampler.Stream stream = resampler.stream(output);
      for (int at = 0, n = 1;
          at < samples.length;
          at += n, n = Math.min(samples.length - at, n * 3 + 1)) {
        stream.push(Arrays.copyOfRange(samples, at, at + n), n);
      }
      stream.finish();
      assertArrayEquals(resampler.apply(samples), output.toArray());
    }
  }

  @Test
  void smallAndTrivialCases() {
    assertArrayEquals(new float[] {1, 2}, Resampler.of(16_000, 16_000).apply(new float[] {1, 2}));
    assertEquals(0, Resampler.of(8000, 16_000).apply(new float[0]).length);
    assertEquals(2, Resampler.of(8000, 16_000).apply(new float[1]).length);
    assertEquals(1, Resampler.of(48_000, 16_000).apply(new float[1]).length);
    assertSame(Resampler.of(8000, 16_000), Resampler.of(16_000, 32_000));
    assertThrows(IllegalArgumentException.class, () -> Resampler.of(0, 16_000));
  }

  @Test
  void aToneKeepsItsAmplitudeAndPhase() {
    int rate = 44_100;
    float[] tone = new float[rate];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 440 * i / rate);
    }
    float[] output = Resampler.of(rate, 16_000).apply(tone);
    for (int i = 200; i < output.length - 200; i++) {
      assertEquals(Math.sin(2 * Math.PI * 440 * i / 16_000), output[i], 2e-3);
    }
  }
}
