package org.duovox.io;

import java.util.Arrays;
import org.duovox.DuovoxException;

/// Turns the sizes that files and settings state into the size of a Java array, and refuses those
/// that a cast would wrap around.
public final class ArraySize {
  /// The most elements of an array on any JVM.
  public static final int MOST = Integer.MAX_VALUE - 8;

  private ArraySize() {}

  /// Returns the product of sizes.
  ///
  /// @param what has this size; begins the message
  /// @throws DuovoxException (BAD_DATA) when an array cannot hold it, or a size is negative
  public static int of(String what, long... sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size < 0 || (size > 0 && product > MOST / size)) {
        throw DuovoxException.badData(
            "%s: %s is too large: one array holds at most %d"
                .formatted(what, Arrays.toString(sizes), MOST));
      }
      product *= size;
    }
    return (int) product;
  }
}
