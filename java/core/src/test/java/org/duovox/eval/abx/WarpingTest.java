package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WarpingTest {
  private final Warping warping = new Warping();

  private float cost(int n, int m, float... table) {
    return warping.cost(table, 0, m, n, m);
  }

  @Test
  void oneFrameEachIsTheirDistance() {
    assertEquals(0.25f, cost(1, 1, 0.25f));
  }

  @Test
  void oneFrameGoesAlongTheOther() {
    assertEquals((1 + 2 + 6) / 3f, cost(1, 3, 1, 2, 6));
    assertEquals((1 + 2 + 6) / 3f, cost(3, 1, 1, 2, 6));
  }

  @Test
  void theCheapestPathIsTaken() {
    assertEquals(0, cost(3, 3, 0, 9, 9, 9, 0, 9, 9, 9, 0));
    // Down to the second row, along it, then down: 1 + 1 + 1 + 1 in four steps.
    assertEquals(1, cost(3, 2, 1, 9, 1, 1, 9, 1));
  }

  @Test
  void amongEqualPathsTheStepBackIsDiagonalFirst() {
    // Both ways through the table cost 3; the diagonal one has two steps, the other three.
    assertEquals(3 / 2f, cost(2, 2, 1, 0, 0, 2));
  }

  @Test
  void aBorderIsFollowedToTheCorner() {
    assertEquals((1 + 0 + 0 + 5) / 4f, cost(2, 4, 1, 0, 0, 9, 9, 9, 9, 5));
  }

  @Test
  void readsATableWithinALargerOne() {
    float[] table = {7, 7, 7, 7, 7, 1, 9, 7, 7, 9, 3, 7};
    assertEquals(2, warping.cost(table, 5, 4, 2, 2));
  }
}
