package org.duovox.speech.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.duovox.speech.onnx.OnnxModelConfig.Keep;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;
import org.junit.jupiter.api.Test;

class OnnxModelConfigTest {
  private static Tensor inside(double interval, double offset) {
    return new Tensor("l", "t", 0, 1, 1, 1, interval, offset, Keep.INSIDE, null, null);
  }

  @Test
  void aCenterAtZeroIsInsideOneAtTheEndIsNot() {
    Tensor tensor = inside(10, -20);
    assertEquals(2, tensor.firstKept());
    assertEquals(0.0, tensor.firstKeptMs());
    // 30 ms: centers 0, 10 and 20.
    assertEquals(5, tensor.endKept(100, 480));
    assertEquals(6, tensor.endKept(100, 481));
    assertEquals(4, tensor.endKept(4, 480));
  }

  @Test
  void audioBeforeTheFirstCenterHasNoFrames() {
    Tensor tensor = inside(20, 7.5);
    assertEquals(0, tensor.firstKept());
    assertEquals(0, tensor.endKept(100, 120));
    assertEquals(1, tensor.endKept(100, 121));
  }

  @Test
  void tenthsOfMillisecondsAreExactOverHours() {
    // 0.1 has no exact binary fraction: in floating point the last center would slip over the end.
    int samples = 16_000 * 3600 * 3;
    assertEquals(108_000_000, inside(0.1, 0).endKept(Integer.MAX_VALUE, samples));
  }
}
