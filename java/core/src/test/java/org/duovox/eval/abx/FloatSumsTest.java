package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against sums of PyTorch 2.13 on a CPU, to the last bit.
class FloatSumsTest {
  private static float value(int i) {
    return (float) ((i * 7919L + 13) % 2003 / 2003.0 - 0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0.86402428150177",
    "13, 1.0546185970306396",
    "40, 3.095336437225342",
    "601, 49.886024475097656",
    "1200, 99.80856323242188"
  })
  void rowsAreSummedAsByPyTorch(int width, float expected) {
    assertEquals(expected, FloatSums.row(i -> value(i) * value(i), width));
  }

  @Test
  void meansAreThoseOfPyTorch() {
    assertEquals(-0.06565152108669281f, mean(0, 40));
    assertEquals(0.023571785539388657f, mean(35, 40));
    assertEquals(0.030775263905525208f, mean(1, 3));
  }

  private static float mean(int column, int columns) {
    float[] frames = new float[21 * columns];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = value(i / columns * 40 + i % columns);
    }
    return FramePooling.MEAN.apply(frames, 21, columns)[column];
  }
}
