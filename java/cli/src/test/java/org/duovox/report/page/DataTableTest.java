package org.duovox.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duovox.io.Csv;
import org.duovox.io.json.Json;
import org.duovox.report.chart.Markup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/// A table on its page and in its files.
class DataTableTest {
  private static final DataTable TABLE =
      new DataTable(
          "words",
          "Words",
          List.of("word", "of_value", "n", "alike"),
          List.of(
              Arrays.asList("a, \"b\"", 0.25, 12_345L, true),
              Arrays.asList("c", Double.NaN, null, false)));

  @Test
  void csvIsReadBackAsItWas() {
    assertEquals(
        "word,of_value,n,alike\n\"a, \"\"b\"\"\",0.25,12345,true\nc,,,false\n", TABLE.csv());
    Csv csv = Csv.parse(TABLE.csv(), "words.csv");
    assertEquals(List.of("a, \"b\"", "0.25", "12345", "true"), csv.rows().getFirst().cells());
  }

  @Test
  void jsonHasNullForWhatIsUndefined() {
    var rows = Json.parse(TABLE.json(), tools.jackson.databind.JsonNode.class, "");
    assertEquals(0.25, rows.get(0).get("of_value").asDouble());
    assertTrue(rows.get(1).get("of_value").isNull());
    assertTrue(rows.get(0).get("alike").asBoolean());
  }

  @Test
  void thePageHasHeadersScopesAndAFoldOut() {
    Markup out = new Markup();
    out.open("body");
    TABLE.writeTo(out, 1);
    Document page = Reports.parse(out.close().toString());
    assertEquals("of value", page.getElementsByTagName("th").item(1).getTextContent());
    assertEquals("1 more row", page.getElementsByTagName("summary").item(0).getTextContent());
    assertEquals(2, page.getElementsByTagName("caption").getLength());
    assertEquals(5 + 5, Reports.elements(page, "th", null).size());
    assertTrue(
        Reports.elements(page, "th", null).stream()
            .noneMatch(e -> e.getAttribute("scope").isEmpty()));
  }

  @Test
  void rowsAreAsWideAsTheTable() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new DataTable("x", "x", List.of("a", "b"), List.of(List.of(1))));
  }

  @Test
  void filesOfTablesThatHaveNoRowsAnyMoreAreTakenAway(@TempDir Path folder) {
    Path page = folder.resolve("both.html");
    ReportData.write(List.of(TABLE), page);
    assertTrue(Files.isRegularFile(folder.resolve("both-data/words.csv")));
    assertTrue(Files.isRegularFile(folder.resolve("both-data/words.json")));
    ReportData.write(List.of(DataTable.empty("words")), page);
    assertFalse(Files.exists(folder.resolve("both-data/words.csv")));
  }

  @Test
  void aSmallNumberIsNotShownAsNothing() {
    DataTable table =
        new DataTable("p", "p values", List.of("pair", "p"), List.of(List.of("a", 1.47e-25)));
    Markup out = new Markup();
    out.open("body");
    table.writeTo(out, 1);
    Document page = Reports.parse(out.close().toString());
    assertEquals("1.5e-25", page.getElementsByTagName("td").item(0).getTextContent());
  }
}
