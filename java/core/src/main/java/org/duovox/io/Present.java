package org.duovox.io;

import java.util.Collection;
import java.util.Map;
import org.duovox.DuovoxException;

/// What a record that is read from JSON must have: a component that is missing from a file is
/// `null`, and so may be what is in its lists and maps. Told where the file is read, instead of
/// wherever the value is used first.
public final class Present {
  private Present() {}

  /// Refuses values that are not there, or that hold a `null`.
  ///
  /// @param keysAndValues a key of the file, its value, the next key, ...
  /// @throws DuovoxException (BAD_DATA) that lists the keys; a reader adds file, line and column
  public static void require(Object... keysAndValues) {
    StringBuilder absent = new StringBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (!isWhole(keysAndValues[i + 1])) {
        absent.append(absent.isEmpty() ? "\"" : ", \"").append(keysAndValues[i]).append('"');
      }
    }
    if (!absent.isEmpty()) {
      throw DuovoxException.badData(
          absent + " must be there, without null; write the file anew by the command that made it");
    }
  }

  private static boolean isWhole(Object value) {
    return switch (value) {
      case null -> false;
      case Collection<?> many -> many.stream().allMatch(Present::isWhole);
      case Map<?, ?> map -> isWhole(map.values());
      default -> true;
    };
  }
}
