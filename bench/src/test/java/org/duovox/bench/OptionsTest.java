package org.duovox.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static Options of(String line) {
    return Options.of(line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }

  @Test
  void allCasesByDefault() {
    Options options = of("");
    assertEquals(8, options.cases().size());
    assertEquals(new Case(true, 4, 512, 1, 1024, 0.1), options.cases().getLast());
    assertEquals(10, options.forks());
    assertNull(options.out());
    assertFalse(options.quick() || options.allowBusy());
  }

  @Test
  void quickMeasuresTheSmallModelAlone() {
    Options options = of("--quick");
    assertEquals(
        List.of(new Case(true, 2, 96, 16, 32, 0), new Case(true, 2, 96, 16, 32, 0.1)),
        options.cases());
    assertEquals(2, options.forks());
  }

  @Test
  void everythingCanBeChosen() {
    Options options =
        of(
            "--case single,3x64,2x9,0.5 --case dual,4x512,4x128,0 --forks 3 --allow-busy --out a.json");
    assertEquals(
        List.of(new Case(false, 3, 64, 2, 9, 0.5), new Case(true, 4, 512, 4, 128, 0)),
        options.cases());
    assertEquals(3, options.forks());
    assertEquals(Path.of("a.json"), options.out());
    assertTrue(options.allowBusy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--fast",
        "--forks",
        "--forks 0",
        "--forks many",
        "--out table.md",
        "--case dual,4x512,4x128",
        "--case triple,4x512,4x128,0",
        "--case dual,4x512,4,0",
        "--case dual,4x0,4x128,0",
        "--case dual,4x510,4x128,0",
        "--case dual,4x512,4x2,0",
        "--case dual,4x512,4x128,1",
        "--case dual,4x512,4x128,NaN"
      })
  void whatIsWrongIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> of(line));
  }
}
