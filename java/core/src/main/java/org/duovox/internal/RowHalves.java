package org.duovox.internal;

import java.util.Arrays;
import java.util.function.Function;
import org.duovox.internal.NativeRing.Shape;

/// Evaluates a batch whose rows do not depend on each other: rows that do not fit into memory
/// together are taken in halves, down to one alone. Only rounding may differ.
final class RowHalves {
  private RowHalves() {}

  /// The values of all rows, in order.
  ///
  /// @param pass values of the rows of a shape
  /// @throws NativeOutOfMemoryException when a row does not fit alone
  static float[] evaluate(Shape shape, Function<Shape, float[]> pass) {
    try {
      return pass.apply(shape);
    } catch (NativeOutOfMemoryException e) {
      if (shape.rows() == 1) {
        throw e;
      }
    }
    int half = shape.rows() / 2;
    float[] first = evaluate(rows(shape, 0, half), pass);
    float[] second = evaluate(rows(shape, half, shape.rows() - half), pass);
    float[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static Shape rows(Shape of, int from, int count) {
    return of.part(from, count);
  }
}
