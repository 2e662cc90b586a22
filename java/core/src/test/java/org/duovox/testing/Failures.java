package org.duovox.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.duovox.DuovoxException;
import org.junit.jupiter.api.function.Executable;

/// Assertions on the one exception family.
public final class Failures {
  private Failures() {}

  /// Requires a failure of a kind whose message contains all parts.
  public static DuovoxException assertFails(
      DuovoxException.Kind kind, Executable action, String... parts) {
    DuovoxException e = assertThrows(DuovoxException.class, action);
    assertEquals(kind, e.kind(), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), () -> "no \"" + part + "\" in: " + e.getMessage());
    }
    return e;
  }
}
