package org.duovox.speech.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.duovox.speech.onnx.OnnxModelConfig.Keep;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;
import org.junit.jupiter.api.Test;

class FrameTimesTest {
  private static Tensor inside(double interval, double offset) {
    return new Tensor("l", "t", 0, 1, 1, 1, interval, offset, Keep.INSIDE, null);
  }

  @Test
  void aCentreAtZeroIsInsideOneAtTheEndIsNot() {
    Tensor tensor = inside(10, -20);
    assertEquals(2, FrameTimes.first(tensor));
    assertEquals(0.0, FrameTimes.offsetMs(tensor));
    // 30 ms: centres 0, 10 and 20.
    assertEquals(5, FrameTimes.end(tensor, 100, 480));
    assertEquals(6, FrameTimes.end(tensor, 100, 481));
    assertEquals(4, FrameTimes.end(tensor, 4, 480));
  }

  @Test
  void audioBeforeTheFirstCentreHasNoFrames() {
    Tensor tensor = inside(20, 7.5);
    assertEquals(0, FrameTimes.first(tensor));
    assertEquals(0, FrameTimes.end(tensor, 100, 120));
    assertEquals(1, FrameTimes.end(tensor, 100, 121));
  }

  @Test
  void tenthsOfMillisecondsAreExactOverHours() {
    // 0.1 has no exact binary fraction: in floating point the last centre would slip over the end.
    int samples = 16_000 * 3600 * 3;
    assertEquals(108_000_000, FrameTimes.end(inside(0.1, 0), Integer.MAX_VALUE, samples));
  }
}
