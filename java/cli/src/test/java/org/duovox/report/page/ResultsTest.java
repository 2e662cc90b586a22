package org.duovox.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.recipe.Results.Row;
import org.duovox.report.chart.ResultGroup;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/// Grouping of result rows, the table, and the comparison of systems.
class ResultsTest {
  @Test
  void oneRowPerEvaluationWithTheSystemsAsColumns() {
    Document page =
        Reports.parse(
            Reports.results(
                Reports.row("theo", "phonetic", 0.8),
                Reports.row("theo", "dual", 0.96),
                Reports.row("mean", "phonetic", 0.82),
                Reports.row("mean", "dual", 0.973)));
    List<String> rows =
        Reports.elements(page, "tr", null).stream().map(r -> r.getTextContent()).toList();
    assertEquals("Evaluationdualphoneticn", rows.get(0));
    assertEquals(
        "digitsintent, accuracy, mean0.973 [0.953, 0.983]0.820 [0.800, 0.830]50", rows.get(1));
    assertEquals("theo0.960 [0.940, 0.970]0.800 [0.780, 0.810]501", rows.get(3));
    assertEquals("0.973", page.getElementsByTagName("strong").item(0).getTextContent());
    assertEquals(1, page.getElementsByTagName("strong").getLength());
    assertEquals(1, page.getElementsByTagName("details").getLength());
  }

  @Test
  void withoutAMeanTheFirstSplitLeads() {
    ResultGroup group =
        ResultGroup.of(List.of(Reports.row("test", "dual", 1), Reports.row("dev", "dual", 0)))
            .getFirst();
    assertEquals("test", group.split());
    assertEquals(List.of("dev"), group.splits());
  }

  @Test
  void oneFoldStandsForItself() {
    ResultGroup group =
        ResultGroup.of(List.of(Reports.row("theo", "dual", 0.9), Reports.row("mean", "dual", 0.9)))
            .getFirst();
    assertEquals("theo", group.split());
    assertEquals(List.of(Reports.row("theo", "dual", 0.9)), group.mains());
    assertEquals(List.of(), group.folds());
  }

  @Test
  void aRepeatedRowIsNotLost() {
    ResultGroup group =
        ResultGroup.of(List.of(Reports.row("mean", "dual", 1), Reports.row("mean", "dual", 0)))
            .getFirst();
    assertEquals(1, group.mains().size());
    assertEquals(1, group.folds().size());
  }

  @Test
  void undefinedScoresAreADashAndNoPicture() {
    double none = Double.NaN;
    Row row = new Row("ssimi", "men", "mean", "dual", "correlation", none, none, none, 2, 1);
    Document page = Reports.parse(Reports.results(row));
    assertEquals(0, page.getElementsByTagName("svg").getLength());
    assertTrue(page.getElementsByTagName("td").item(0).getTextContent().startsWith("\u2013"));
    assertFalse(ReportWriter.html(Reports.results(row)).contains("NaN"));
  }

  @Test
  void percentagesHaveTwoDecimalsAndARealMinus() {
    Row row = new Row("ssimi", "men", "mean", "joint", "correlation", 12.345, -1.0, 20.0, 9, 1);
    assertEquals("12.35 [\u22121.00, 20.00]", ResultGroup.of(List.of(row)).getFirst().format(row));
  }

  @Test
  void lowerIsBetterForLosses() {
    Row good = new Row("t", "d", "mean", "dual", "loss", 1.0, 1.0, 1.0, 1, 1);
    Row bad = new Row("t", "d", "mean", "joint", "loss", 2.0, 2.0, 2.0, 1, 1);
    ResultGroup group = ResultGroup.of(List.of(good, bad)).getFirst();
    assertTrue(group.isBest(good));
    assertFalse(group.isBest(bad));
  }

  @Test
  void comparesSystemsWithDotsAndWhiskers() {
    Document page =
        Reports.parse(
            Reports.results(
                Reports.row("mean", "dual", 0.9),
                Reports.row("mean", "mine", 0.5),
                Reports.row("one", "dual", 0.8)));
    assertEquals(2, Reports.elements(page, "circle", "dot").size());
    assertEquals(2, Reports.elements(page, "line", "whisker").size());
    assertEquals(1, Reports.elements(page, "circle", "fold").size());
    assertEquals(1, Reports.elements(page, "circle", "system-other").size());
  }
}
