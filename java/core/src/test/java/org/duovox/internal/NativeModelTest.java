package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.duovox.internal.NativeRing.Shape;
import org.junit.jupiter.api.Test;

/// Several long utterances that fit into memory one by one are evaluated, not refused.
final class NativeModelTest {
  private final List<String> tried = new ArrayList<>();

  /// Two values for each row, its number and the length of the batch.
  private float[] pass(Shape shape, int room) {
    tried.add("%d+%d".formatted(shape.firstRow(), shape.rows()));
    if (shape.rows() > room) {
      throw new NativeOutOfMemoryException("cannot allocate");
    }
    float[] values = new float[2 * shape.rows()];
    for (int row = 0; row < shape.rows(); row++) {
      values[2 * row] = shape.firstRow() + row;
      values[2 * row + 1] = shape.tokens();
    }
    return values;
  }

  @Test
  void rowsAreHalvedUntilTheyFit() {
    float[] values = NativeModel.inHalves(new Shape(0, 5, 900, 40), rows -> pass(rows, 1));
    assertArrayEquals(new float[] {0, 900, 1, 900, 2, 900, 3, 900, 4, 900}, values);
    assertEquals(List.of("0+5", "0+2", "0+1", "1+1", "2+3", "2+1", "3+2", "3+1", "4+1"), tried);
  }

  @Test
  void whatFitsIsTakenAtOnce() {
    assertEquals(6, NativeModel.inHalves(new Shape(0, 3, 900, 40), rows -> pass(rows, 3)).length);
    assertEquals(List.of("0+3"), tried);
  }

  @Test
  void aRowThatDoesNotFitAloneIsRefused() {
    assertThrows(
        NativeOutOfMemoryException.class,
        () -> NativeModel.inHalves(new Shape(0, 2, 900, 40), rows -> pass(rows, 0)));
  }
}
