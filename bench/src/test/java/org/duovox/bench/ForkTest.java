package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What forks are started with and what is read of them.
class ForkTest {
  @Test
  void peakMemoryIsTheKernelsHighWaterMark() {
    assertEquals(2, PeakMemory.mebibytes(Stream.of("VmPeak:\t 9999 kB", "VmHWM:\t    2048 kB")));
    assertTrue(Double.isNaN(PeakMemory.mebibytes(Stream.of("VmPeak:\t 9999 kB"))));
  }

  @Test
  void variablesStandBeforeTheJvm() {
    assertEquals(
        List.of("env", "A=1", "B=2"), new ForkEnvironment("A=1 B=2").addJVMInvokeOptions(null));
    assertEquals(List.of("env"), new ForkEnvironment("").addJVMInvokeOptions(null));
  }

  @Test
  void contendersAreFoundByTheirLabels() {
    for (Side side : Side.values()) {
      assertEquals(side, Side.of(side.label()));
    }
    assertThrows(IllegalArgumentException.class, () -> Side.of("mxnet"));
    assertEquals("duovox-naive", Side.DUOVOX_NAIVE.label());
  }

  @Test
  void aCaseIsReadBackFromItsWords() {
    Case size = new Case(true, 4, 512, 16, 128, 0);
    List<String> words = size.words();
    assertEquals(size, Case.of(words.get(0), words.get(1), words.get(2), 0));
  }
}
