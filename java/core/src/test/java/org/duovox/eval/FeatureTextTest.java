package org.duovox.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTextTest {
  @TempDir Path folder;

  @Test
  void readsWhatNumpyWrites() {
    double[][] rows = read("6.847460421762366911e-01 -1e3\r\n# a comment\n\n\t+.5 2. # more\n");
    assertArrayEquals(new double[] {0.6847460421762367, -1000}, rows[0]);
    assertArrayEquals(new double[] {0.5, 2}, rows[1]);
    assertEquals(2, rows.length);
  }

  @Test
  void readsWideRowsWithoutAFinalLineFeed() {
    assertEquals(1000, read("1 ".repeat(999) + "2")[0].length);
    assertEquals(2, read("1 ".repeat(999) + "2")[0][999]);
  }

  @Test
  void refusesWithTheLine() {
    assertBad("f.txt: holds no numbers", "\n# nothing\n");
    assertBad("f.txt: holds no numbers", "");
    assertBad("f.txt:3: has 1 columns, the lines before it 2", "1 2\n\n3\n");
    assertBad("f.txt:2: \"two\" is not a number", "1\ntwo\n");
    assertBad("f.txt:1: holds nan", "nan");
    assertBad("f.txt:1: holds -Infinity", "-Infinity");
    assertBad("f.txt:1: \"1d\" is not a number", "1d");
    assertBad("f.txt:1: \"0x1p3\" is not a number", "0x1p3");
    assertBad("f.txt:1: \"1e999\" is not a number that fits", "1e999");
    assertBad("f.txt:1: \"1,2\" is not a number", "1,2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "+", ".", "e5", "1e", "1e+", "--1", "1-2", "1.2.3", "1e5e5"})
  void refusesWhatOnlyLooksLikeANumber(String text) {
    assertBad("\"" + text + "\" is not a number", text);
  }

  @Test
  void readsTheSameDoublesAsTheJdk() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        String text = String.format(Locale.ROOT, "%.18e", new BigDecimal(value));
        assertEquals(Double.parseDouble(text), FeatureText.parse(text), text);
      }
    }
    assertEquals(0, FeatureText.parse("1e-999"));
  }

  @Test
  void refusesAMissingFile() {
    Path absent = folder.resolve("absent.txt");
    DuovoxException e = assertThrows(DuovoxException.class, () -> FeatureText.read(absent));
    assertEquals(DuovoxException.Kind.MISSING_INPUT, e.kind());
  }

  private void assertBad(String part, String text) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> read(text));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  private double[][] read(String text) {
    try {
      return FeatureText.read(Files.writeString(folder.resolve("f.txt"), text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
