package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "-0.5,-0.5", "+2.,2", ".25,0.25", "1e-3,0.001", "1.5E+2,150", "007,7"})
  void decimalNumbersAreRead(String text, double value) {
    assertEquals(OptionalDouble.of(value), Decimals.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1.5f",
        "1d",
        "1D",
        "0x1p3",
        "0x10",
        "NaN",
        " NaN ",
        "Infinity",
        "inf",
        "1e400",
        " 1",
        "1 ",
        "1_000",
        "1,5",
        ".",
        "e5",
        "1e",
        "--1",
        "\u0663"
      })
  void everythingElseIsNone(String text) {
    assertEquals(OptionalDouble.empty(), Decimals.parse(text));
  }
}
