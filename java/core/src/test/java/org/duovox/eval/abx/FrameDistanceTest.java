package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDistanceTest {
  private static float between(FrameDistance distance, float[] p, float[] q) {
    try (TokenFrames frames = new TokenFrames(p.length, Long.MAX_VALUE)) {
      frames.add(p);
      frames.add(q);
      float[] cell = new float[1];
      new FrameTable(frames, new int[] {0}, distance)
          .distances(0, new FrameTable(frames, new int[] {1}, distance), cell);
      return cell[0];
    }
  }

  @Test
  void anglesAreSharesOfHalfATurn() {
    assertEquals(0.5f, between(FrameDistance.COSINE, new float[] {1, 0}, new float[] {0, 1}));
    assertEquals(1f, between(FrameDistance.COSINE, new float[] {1, 0}, new float[] {-1, 0}));
    assertEquals(0f, between(FrameDistance.COSINE, new float[] {1, 0}, new float[] {2, 0}));
  }

  @Test
  void euclideanIsTheLengthOfTheDifference() {
    assertEquals(5f, between(FrameDistance.EUCLIDEAN, new float[] {1, 5}, new float[] {4, 1}));
  }

  @Test
  void divergencesAddAMillionth() {
    double forward = 0.75 * Math.log(0.750001 / 0.250001) + 0.25 * Math.log(0.250001 / 0.750001);
    float[] p = {0.75f, 0.25f};
    float[] q = {0.25f, 0.75f};
    assertEquals(forward, between(FrameDistance.KL, p, q), 1e-6);
    assertEquals(forward, between(FrameDistance.KL_SYMMETRIC, p, q), 1e-6);
    float[] one = {1, 0};
    assertEquals(Math.log(1.000001 / 0.250001), between(FrameDistance.KL, one, q), 1e-6);
  }

  @Test
  void identityIsTheShareOfValuesThatDiffer() {
    float[] p = {3, 4, 5, 6};
    assertEquals(0, between(FrameDistance.IDENTITY, p, p));
    assertEquals(0.25f, between(FrameDistance.IDENTITY, p, new float[] {3, 4, 5, 7}));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 7, 8, 13, 40, 97, 513, 601})
  void tablesSumInTheOrderOfASingleRow(int width) {
    Random random = new Random(width);
    float[] p = new float[width];
    float[] q = new float[width];
    for (int i = 0; i < width; i++) {
      p[i] = (float) random.nextGaussian();
      q[i] = (float) random.nextGaussian();
    }
    float squares = FloatSums.row(i -> (p[i] - q[i]) * (p[i] - q[i]), width);
    assertEquals((float) Math.sqrt(squares), between(FrameDistance.EUCLIDEAN, p, q));
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    String message =
        assertThrows(DuovoxException.class, () -> FrameDistance.of("cosin")).getMessage();
    assertTrue(message.contains("did you mean \"cosine\"?"), message);
  }
}
