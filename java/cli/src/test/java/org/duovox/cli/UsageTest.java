package org.duovox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @Test
  void unknownVerbIsRefusedWithASuggestion() {
    Cli result = Cli.run("pretrian");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("duovox pretrain"), result.err());
    assertTrue(result.err().contains("Try 'duovox --help'."), result.err());
    assertEquals("", result.out());
  }

  @Test
  void unknownOptionIsRefusedWithASuggestion() {
    Cli result = Cli.run("kmeans", "--cluster", "10");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("Try 'duovox kmeans --help'."), result.err());
  }

  @Test
  void missingOptionsAreNamed() {
    Cli result = Cli.run("align", "--contextual", "a");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("--phonetic=UNITS"), result.err());
    assertTrue(result.err().contains("--out=CORPUS"), result.err());
  }

  @Test
  void aNumberMustBeOne() {
    Cli result = Cli.run("kmeans", "--features", "f", "--out", "o", "--clusters", "many");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("'many' is not an int"), result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5f", "0x1p3", "NaN", "1e400"})
  void onlyDecimalNumbersAreNumbers(String text) {
    Cli result =
        Cli.run("align", "--contextual", "a", "--phonetic", "b", "--out", "c", "--shift-ms", text);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("'" + text + "' is not a decimal number"), result.err());
  }

  @Test
  void aVocabularyBeyondAnyModelIsRefusedAtOnce() {
    Cli result =
        Cli.run(
            "import", "u.jsonl", "--out", "o", "--encoder", "hubert", "--vocabulary", "2147483647");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("--vocabulary must be 1 to 16777216"), result.err());
  }

  @Test
  void withoutAVerbTheListOfThemIsPrinted() {
    assertEquals(Cli.ok("--help"), Cli.run());
    assertEquals(Cli.ok("slu", "--help"), Cli.run("slu"));
  }
}
