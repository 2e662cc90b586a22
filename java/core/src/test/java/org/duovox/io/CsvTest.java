package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The grammar of RFC 4180, and what is refused.
class CsvTest {
  @Test
  void readsPlainQuotedAndEmptyCells() {
    Csv csv = Csv.parse("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n,last", "t.csv");
    assertEquals(List.of("a", "b"), csv.header());
    assertEquals(List.of("1", "x, \"y\"\nz"), csv.rows().get(0).cells());
    assertEquals(List.of("", "last"), csv.rows().get(1).cells());
    assertEquals(2, csv.rows().get(0).line());
    assertEquals("t.csv:5", csv.at(csv.rows().get(1)));
    assertEquals(1, csv.column("b"));
  }

  @Test
  void keepsATrailingEmptyCell() {
    assertEquals(List.of("9", ""), Csv.parse("a,b\n9,\n", "t").rows().getFirst().cells());
    assertEquals(List.of("9", ""), Csv.parse("a,b\n9,", "t").rows().getFirst().cells());
  }

  @Test
  void keepsBlanksInPlainCellsAndIgnoresThoseAroundQuotes() {
    assertEquals(List.of(" 1 ", "\\#"), Csv.parse("a,b\n 1 ,\\#\n", "t").rows().getFirst().cells());
    assertEquals(
        List.of("1", " x "), Csv.parse("a,b\n\"1\" , \" x \"\n", "t").rows().getFirst().cells());
  }

  @Test
  void skipsBlankLinesAndCountsThem() {
    Csv csv = Csv.parse("\na\n \n\"\"\n1\n", "t");
    assertEquals(List.of(new Csv.Row(5, List.of("1"))), csv.rows());
  }

  @Test
  void namesTheLineOnWhichAnUnclosedQuoteIsOpened() {
    assertMessage("t:3: a quote is opened and never closed", "a,b\n1,2\n3,\"x\ny\nz\n");
    assertMessage("t:4: a quote is opened and never closed", "a,b\n1,2\n\"3\n\",\"x\n");
    assertMessage("t:3: text after a closing quote", "a\n\"x\ny\"z\n");
  }

  @Test
  void refusesWithThePlace() {
    assertMessage("t:3: 1 cells where the header has 2", "a,b\n1,2\n3\n");
    assertMessage("t:2: a quote is opened and never closed", "a\n\"x\n");
    assertMessage("t:2: text after a closing quote", "a\n\"x\"y\n");
    assertMessage("a column name occurs twice", "a,a\n1,2\n");
    assertMessage("is empty", "\n\n");
  }

  @Test
  void namesTheColumnsThatThereAre() {
    Csv csv = Csv.parse("a,b\n", "t");
    String message = assertThrows(DuovoxException.class, () -> csv.column("c")).getMessage();
    assertEquals("t: has no column \"c\"; its columns are a, b", message);
  }

  @Test
  void refusesAMissingFileAndOtherEncodings(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x.csv");
    assertEquals(
        DuovoxException.Kind.MISSING_INPUT,
        assertThrows(DuovoxException.class, () -> Csv.read(file)).kind());
    Files.write(file, new byte[] {'a', '\n', (byte) 0xE4, '\n'});
    assertTrue(
        assertThrows(DuovoxException.class, () -> Csv.read(file)).getMessage().contains("UTF-8"));
  }

  private static void assertMessage(String part, String text) {
    DuovoxException e = assertThrows(DuovoxException.class, () -> Csv.parse(text, "t"));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
