package org.duovox.model;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.duovox.internal.NativeRing.Slot;

/// Slots on the Java heap, for tests of what is written into them.
public final class Slots {
  private Slots() {}

  /// A slot with room for any small batch, full of a value that no batch contains.
  public static Slot heap() {
    return new Slot(
        0,
        buffer(),
        buffer(),
        buffer(),
        buffer(),
        buffer(),
        buffer(),
        buffer(),
        buffer(),
        FloatBuffer.allocate(4096));
  }

  /// The first values of a buffer.
  public static int[] head(IntBuffer buffer, int count) {
    int[] values = new int[count];
    buffer.get(0, values);
    return values;
  }

  private static IntBuffer buffer() {
    int[] values = new int[4096];
    Arrays.fill(values, 777_777);
    return IntBuffer.wrap(values);
  }
}
