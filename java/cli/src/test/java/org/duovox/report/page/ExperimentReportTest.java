package org.duovox.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.recipe.Results.Row;
import org.duovox.report.chart.BandChart;
import org.duovox.report.chart.ForestChart;
import org.duovox.report.chart.ResultGroup;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.chart.WhiskerChart;
import org.duovox.report.page.ExperimentReport.Answer;
import org.duovox.report.page.ExperimentReport.Charts;
import org.duovox.report.page.ExperimentReport.Tables;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// The page of an experiment: well-formed, self-contained, harmless, readable by a screen reader.
class ExperimentReportTest {
  private static DataTable table(String name, String text) {
    return new DataTable(name, text, List.of(text, "n"), List.of(List.of(text, 1)));
  }

  /// A report with every section, in which `text` stands wherever text of users can stand.
  private static ExperimentReport full(String text) {
    BandChart.Line line =
        new BandChart.Line(
            text,
            0,
            new double[] {1, 2},
            new double[] {1, 2},
            new double[] {0, 1},
            new double[] {2, 3},
            new double[0][],
            new double[0][]);
    BandChart bands =
        new BandChart(text, text, text, List.of(new BandChart.Tick(1, text)), false, List.of(line));
    Row row = new Row(text, text, "mean", text, text, 0.5, 0.4, 0.6, 9, 1);
    Tables tables =
        new Tables(
            table("effects", text + " 1"),
            table("arms", text + " 2"),
            table("units", text + " 3"),
            table("confused", text + " 4"),
            table("dev", text + " 5"),
            table("cells", text + " 6"));
    return new ExperimentReport(
        text,
        text,
        text,
        Map.of(text, text),
        List.of(new Answer(text, text), new Answer("", text)),
        new Charts(
            List.of(
                new ForestChart(
                    text, List.of(new ForestChart.Row(text, 1.0, 0.5, 1.5, 0.1, text)))),
            List.of(new WhiskerChart(ResultGroup.of(List.of(row)).getFirst())),
            List.of(bands),
            List.of(bands),
            List.of(new UnitHistogram(text, new long[] {3, 1}))),
        tables,
        Reports.words(text),
        List.of(text),
        List.of(tables.cells()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</style><b>&amp;",
        "a\u0000b\u001b\u202Ec",
        "a name that is too long to stand beside its line or its row",
      })
  void textIsTextWhereverItStands(String text) {
    Document page = Reports.parse(ExperimentReportWriter.html(full(text)));
    for (String tag : List.of("script", "img", "b", "link", "iframe")) {
      assertEquals(0, page.getElementsByTagName(tag).getLength());
    }
    for (Element element : Reports.elements(page, "*", null)) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertFalse(element.getAttributes().item(i).getNodeName().startsWith("on"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "plain")
  void everySectionIsThereAndNothingIsLoaded(String text) {
    String html = ExperimentReportWriter.html(full(text));
    for (String forbidden : List.of("http:", "https:", "//", "url(", "@import", "src=", "<link")) {
      assertFalse(html.contains(forbidden), forbidden);
    }
    List<String> titles =
        Reports.elements(Reports.parse(html), "h2", null).stream()
            .map(Element::getTextContent)
            .toList();
    assertEquals(
        List.of(
            "Answer",
            "Notes",
            "Effects",
            "Scores",
            "Sweeps",
            "Training",
            "Words",
            "Confusions",
            "Units",
            "Choices",
            "Cells",
            "Data"),
        titles);
    assertEquals(html, ExperimentReportWriter.html(full(text)), "repeats byte for byte");
  }

  @ParameterizedTest
  @ValueSource(strings = "plain")
  void picturesHaveWordsTablesHaveScopesAndLandmarksDiffer(String text) {
    Document page = Reports.parse(ExperimentReportWriter.html(full(text)));
    for (Element picture : Reports.elements(page, "svg", "picture")) {
      assertEquals("img", picture.getAttribute("role"));
      assertEquals("title", picture.getFirstChild().getNodeName());
      assertFalse(picture.getFirstChild().getNextSibling().getTextContent().isBlank());
    }
    for (Element header : Reports.elements(page, "th", null)) {
      assertFalse(header.getAttribute("scope").isEmpty());
    }
    Set<String> names = new HashSet<>();
    Reports.elements(page, "h2", null).forEach(title -> names.add(title.getTextContent()));
    for (Element region : Reports.elements(page, "div", "scroller")) {
      String name = region.getAttribute("aria-label");
      assertEquals(true, names.add(name), "two landmarks are called " + name);
    }
    Set<String> ids = new HashSet<>();
    for (Element element : Reports.elements(page, "section", null)) {
      assertEquals(true, ids.add(element.getAttribute("id")));
    }
  }
}
