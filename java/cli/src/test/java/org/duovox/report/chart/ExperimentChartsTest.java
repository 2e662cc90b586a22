package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.duovox.recipe.Results.Row;
import org.duovox.report.page.Reports;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// The charts of experiments, on ordinary and on degenerate data.
class ExperimentChartsTest {
  private static final double NONE = Double.NaN;

  private static Document drawn(Chart chart) {
    Markup page = new Markup();
    page.open("body");
    chart.writeTo(page);
    String svg = page.close().toString();
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    return Reports.parse(svg);
  }

  private static BandChart.Line line(String name, int color, double... values) {
    double[] x = new double[values.length];
    double[] low = new double[values.length];
    double[] high = new double[values.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i + 1;
      low[i] = values[i] - 0.1;
      high[i] = values[i] + 0.1;
    }
    return new BandChart.Line(name, color, x, values, low, high, new double[0][], new double[0][]);
  }

  private static BandChart bands(BandChart.Line... lines) {
    return new BandChart("AUC", "Band.", "step", List.of(), false, List.of(lines));
  }

  @Test
  void everyLineHasItsBandAndItsName() {
    Document page = drawn(bands(line("dual", 0, 1, 2, 3), line("contextual", 1, 2, 2, 2)));
    assertEquals(2, Reports.elements(page, "path", "band").size());
    assertEquals(2, Reports.elements(page, "path", "series").size());
    List<Element> names = Reports.elements(page, "text", "label");
    assertEquals(2, names.size());
    assertTrue(names.getFirst().getTextContent().startsWith("dual"));
    String words = page.getElementsByTagName("desc").item(0).getTextContent();
    assertEquals("Band. dual ends at 3.000; contextual ends at 2.000;", words);
  }

  @Test
  void namesOfLinesThatEndTogetherStandApart() {
    Document page = drawn(bands(line("a", 0, 1, 1), line("b", 1, 1, 1), line("c", 2, 1, 1)));
    List<Double> heights = new ArrayList<>();
    Reports.elements(page, "text", "label")
        .forEach(name -> heights.add(Double.valueOf(name.getAttribute("y"))));
    heights.sort(null);
    assertEquals(3, heights.size());
    assertTrue(heights.get(1) - heights.get(0) >= 14 && heights.get(2) - heights.get(1) >= 14);
  }

  @Test
  void gapsBreakLineAndBand() {
    Document page = drawn(bands(line("a", 0, 1, 2, NONE, 4, 5)));
    for (String css : List.of("series", "band")) {
      String path = Reports.elements(page, "path", css).getFirst().getAttribute("d");
      assertEquals(2, path.chars().filter(c -> c == 'M').count(), css);
    }
  }

  @Test
  void nothingToDrawIsAnEmptyFrame() {
    assertTrue(Reports.elements(drawn(bands()), "path", null).isEmpty());
    assertTrue(Reports.elements(drawn(bands(line("a", 0, NONE))), "path", null).isEmpty());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new BandChart.Line(
                "a",
                0,
                new double[1],
                new double[2],
                new double[1],
                new double[1],
                new double[0][],
                new double[0][]));
  }

  @Test
  void moreLinesThanColorsAreDashed() {
    Document page = drawn(bands(line("a", 4, 1, 2), line("b", 5, 2, 3), line("c", 10, 2, 3)));
    assertEquals(1, Reports.elements(page, "path", "dash-1").size());
    assertEquals(1, Reports.elements(page, "path", "dash-2").size());
    assertTrue(bands(line("x".repeat(25), 0, 1)).isShortened());
    assertFalse(bands(line("x".repeat(24), 0, 1)).isShortened());
  }

  @Test
  void aSweepHasItsValuesWhiskersAndSeeds() {
    BandChart.Line line =
        new BandChart.Line(
            "dual",
            0,
            new double[] {10, 1000},
            new double[] {0.5, 0.8},
            new double[] {0.4, 0.7},
            new double[] {0.6, 0.9},
            new double[][] {{0.3, 0.7}, {NONE, NONE}},
            new double[][] {{10, 0.4}, {10, 0.6}, {1000, NONE}});
    List<BandChart.Tick> ticks =
        List.of(new BandChart.Tick(10, "10"), new BandChart.Tick(1000, "1000"));
    Document page = drawn(new BandChart("AUC", "", "steps", ticks, true, List.of(line)));
    assertEquals(1, Reports.elements(page, "line", "thin").size());
    assertEquals(2, Reports.elements(page, "circle", "dot").size());
    List<String> names =
        Reports.elements(page, "text", "middle").stream().map(Element::getTextContent).toList();
    assertEquals(List.of("10", "1000"), names);
  }

  private static ForestChart.Row effect(String verdict, Double effect, Double low, Double high) {
    return new ForestChart.Row("dual against joint", effect, low, high, 0.05, verdict);
  }

  @Test
  void aForestTellsVerdictsByWordsAndShapes() {
    Document page =
        drawn(
            new ForestChart(
                "Difference of AUC",
                List.of(
                    effect("better", 0.1, 0.05, 0.15),
                    effect("inside the noise", -0.01, -0.06, 0.04),
                    effect("no result", null, null, null))));
    assertEquals(2, Reports.elements(page, "circle", "dot").size());
    assertEquals(1, Reports.elements(page, "circle", "open").size());
    assertEquals(2, Reports.elements(page, "line", "whisker").size());
    assertEquals(3, Reports.elements(page, "text", "verdict").size());
    String words = page.getElementsByTagName("desc").item(0).getTextContent();
    assertTrue(words.startsWith("dual against joint: better, +0.100 [+0.050, +0.150];"), words);
    Element zero = Reports.elements(page, "line", "zero").getFirst();
    Element clear = Reports.elements(page, "line", "better").getFirst();
    assertTrue(
        Double.parseDouble(clear.getAttribute("x1")) > Double.parseDouble(zero.getAttribute("x1")),
        "an effect above zero is right of the line");
    drawn(new ForestChart("none", List.of()));
  }

  @Test
  void longNamesInAForestTakeTwoLines() {
    String name = "shifted by 400 ms with shares 0.25 against aligned at representation block4";
    ForestChart.Row row = new ForestChart.Row(name, 0.1, 0.0, 0.2, 0.05, "inside the noise");
    Document page = drawn(new ForestChart("Difference of AUC", List.of(row, row)));
    List<Element> lines = Reports.elements(page, "text", "label");
    assertEquals(4, lines.size());
    assertEquals(
        name, ownText(lines.get(0)) + " " + ownText(lines.get(1)), "both lines are the whole name");
    List<Element> dots = Reports.elements(page, "circle", "dot");
    for (int i = 0; i < 2; i++) {
      double below = Double.parseDouble(lines.get(2 * i + 1).getAttribute("y"));
      assertTrue(Double.parseDouble(dots.get(i).getAttribute("cy")) > below + 8);
    }
  }

  /// Returns the text of an element without that of its tooltip.
  private static String ownText(Element element) {
    StringBuilder text = new StringBuilder();
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      text.append(child.getNodeType() == Node.TEXT_NODE ? child.getNodeValue() : "");
    }
    return text.toString().strip();
  }

  @Test
  void wordsStandWhereTheirVectorsAre() {
    List<WordMap.Point> points = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      points.add(new WordMap.Point("word" + i, i % 8, i / 8.0, i % 7 - 1));
      points.add(new WordMap.Point("twin" + i, i % 8, i / 8.0, -1));
    }
    Document page = drawn(new WordMap("dual", 0.5, points));
    assertEquals(80, page.getElementsByTagName("circle").getLength());
    List<Element> names = Reports.elements(page, "text", "word-name");
    assertTrue(names.size() >= 40 && names.size() < 80, "those with room: " + names.size());
    for (Element dot : Reports.elements(page, "circle", null)) {
      double x = Double.parseDouble(dot.getAttribute("cx"));
      double y = Double.parseDouble(dot.getAttribute("cy"));
      assertTrue(x >= 0 && x <= 460 && y >= 0 && y <= 400, x + " " + y);
    }
    drawn(new WordMap("dual", 0, List.of(new WordMap.Point("a", 1, 1, -1))));
    drawn(new WordMap("dual", 0, List.of()));
  }

  /// Names are written whole beside their rows, in two lines where one of 28 characters is too
  /// short.
  @Test
  void namesOfSystemsFitBesideTheirRows() {
    List<Row> rows = new ArrayList<>();
    for (String system : List.of("dual", "dual, steps 2400", "x".repeat(40))) {
      rows.add(new Row("t", "d", "mean", system, "AUC", 0.5, 0.4, 0.6, 9, 1));
    }
    Document page = drawn(new WhiskerChart(ResultGroup.of(rows).getFirst()));
    for (Element name : Reports.elements(page, "text", "end")) {
      String text = name.getFirstChild().getTextContent();
      assertTrue(Double.parseDouble(name.getAttribute("x")) >= 7.4 * text.length() - 1, text);
    }
    rows.add(
        new Row("t", "d", "mean", "dual, phonetic units in sight", "AUC", 0.5, 0.4, 0.6, 9, 1));
    Document two = drawn(new WhiskerChart(ResultGroup.of(rows).getFirst()));
    List<String> shown =
        Reports.elements(two, "text", "end").stream().map(ExperimentChartsTest::ownText).toList();
    assertTrue(shown.containsAll(List.of("dual, phonetic units in", "sight")), shown.toString());
    assertEquals(2, Reports.elements(page, "circle", "system-dual").size());
    Document few = drawn(new WhiskerChart(ResultGroup.of(rows.subList(0, 1)).getFirst()));
    assertEquals("82", Reports.elements(few, "text", "end").getFirst().getAttribute("x"));
  }
}
