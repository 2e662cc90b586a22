package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SideTest {
  @Test
  void aContenderRunsInItsEnvironmentAlone() {
    for (Side side : Side.values()) {
      assertDoesNotThrow(() -> side.requireEnvironment(side.environment()));
    }
    assertThrows(IllegalStateException.class, () -> Side.DUOVOX_NAIVE.requireEnvironment(Map.of()));
    assertThrows(
        IllegalStateException.class,
        () -> Side.DUOVOX.requireEnvironment(Side.DUOVOX_NAIVE.environment()));
  }
}
