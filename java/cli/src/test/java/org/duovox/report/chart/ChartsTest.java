package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.report.page.Reports;
import org.duovox.train.log.TrainLine;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/// The drawings on ordinary and on degenerate data.
class ChartsTest {
  private static final double NONE = Double.NaN;
  private static final double[] ABSENT = {};

  @Test
  void aCurveOfOnePointIsADot() {
    Document page = curve(new long[] {10}, new double[] {2.5}, ABSENT);
    assertEquals(1, Reports.elements(page, "circle", "dot").size());
  }

  @Test
  void gapsBreakTheLine() {
    long[] steps = {1, 2, 3, 4};
    Document page =
        curve(steps, new double[] {3, NONE, 2, 1}, new double[] {NONE, NONE, NONE, NONE});
    String path = Reports.elements(page, "path", "total").getFirst().getAttribute("d");
    assertEquals(2, path.chars().filter(c -> c == 'M').count());
    assertEquals(1, path.chars().filter(c -> c == 'L').count());
    assertTrue(Reports.elements(page, "path", "mcp").isEmpty());
  }

  @Test
  void noStepsAndNoFiniteLossStillDraw() {
    assertNoNaN(curve(new long[0], new double[0], ABSENT));
    assertNoNaN(curve(new long[] {1, 2}, new double[] {NONE, NONE}, ABSENT));
    assertNoNaN(curve(new long[] {1, 2}, new double[] {0, 0}, ABSENT));
    assertNoNaN(curve(new long[] {1, 2}, new double[] {1, Double.POSITIVE_INFINITY}, ABSENT));
  }

  @Test
  void longCurvesKeepTheirExtremes() {
    long[] steps = new long[10_000];
    double[] losses = new double[steps.length];
    Arrays.setAll(steps, i -> i);
    Arrays.fill(losses, 1);
    losses[5_003] = 9;
    Document page = curve(steps, losses, ABSENT);
    String path = Reports.elements(page, "path", "total").getFirst().getAttribute("d");
    assertTrue(path.length() < 20_000);
    // The highest value stands near the top of the picture.
    assertTrue(path.contains(" 32.2L"), path.substring(0, 200));
  }

  @Test
  void lossesMustHaveAValuePerStep() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CurveChart.Series(0, false, new long[2], new double[1]));
  }

  @Test
  void usageHasTheKnownFigures() {
    UnitHistogram even = new UnitHistogram("even", new long[] {4, 4, 4, 4});
    assertEquals(4, even.use().perplexityOrNaN(), 1e-12);
    assertEquals(0.25, even.use().mostFrequentShareOrNaN());
    UnitHistogram single = new UnitHistogram("single", new long[] {0, 9, 0});
    assertEquals(1, single.use().perplexityOrNaN(), 1e-12);
    assertEquals(2, single.use().unused());
    UnitHistogram none = new UnitHistogram("none", new long[3]);
    assertEquals(NONE, none.use().perplexityOrNaN());
    assertEquals(NONE, none.use().mostFrequentShareOrNaN());
    assertNoNaN(page(List.of(even, single, none, new UnitHistogram("no units", new long[0]))));
  }

  @Test
  void theStripDrawsEverySegment() {
    Document page = Reports.parse(Reports.full("x"));
    assertEquals(3, Reports.elements(page, "rect", "unit").size());
    assertEquals(3, Reports.elements(page, "text", "unit-id").size());
  }

  @Test
  void aStripOfNothingStillDraws() {
    StripChart strip = new StripChart("x", new float[0], 0, List.of(), List.of());
    assertNoNaN(Reports.parse(Reports.with(List.of(), List.of(), List.of(), strip, List.of())));
    StripChart.Segment outside = new StripChart.Segment(-1, 99, 123456);
    float[] hostile = {Float.NaN, Float.POSITIVE_INFINITY};
    StripChart odd = new StripChart("x", hostile, 1, List.of(outside), List.of());
    assertNoNaN(Reports.parse(Reports.with(List.of(), List.of(), List.of(), odd, List.of())));
  }

  @Test
  void confusionsShowCountsAndShares() {
    Document page = Reports.parse(Reports.full("x"));
    assertEquals(1, Reports.elements(page, "rect", "hit").size());
    assertEquals(1, Reports.elements(page, "rect", "miss").size());
    assertEquals(
        "fill-opacity:0.8", Reports.elements(page, "rect", "hit").getFirst().getAttribute("style"));
    assertEquals("3", Reports.elements(page, "text", "count").getFirst().getTextContent());
    assertThrows(
        IllegalArgumentException.class, () -> new ConfusionMatrix(List.of("a"), new int[1][2]));
  }

  @Test
  void longLabelsKeepTheirEnds() {
    String label = "change_language/none/none/washroom";
    ConfusionChart view =
        new ConfusionChart("x", new ConfusionMatrix(List.of(label), new int[][] {{1}}));
    Document page =
        Reports.parse(Reports.with(List.of(), List.of(), List.of(), null, List.of(view)));
    String shown =
        Reports.elements(page, "text", "label").getFirst().getFirstChild().getTextContent();
    assertEquals("change_lan\u2026ne/washroom", shown);
  }

  @Test
  void manyFiguresAreFoldedAway() {
    LossChart curve = new LossChart("x", List.of(Reports.line(1, 1, 0)));
    List<LossChart> curves = Collections.nCopies(9, curve);
    Document page = Reports.parse(Reports.with(List.of(), curves, List.of(), null, List.of()));
    assertEquals("3 more curves", page.getElementsByTagName("summary").item(0).getTextContent());
    assertEquals(9, page.getElementsByTagName("svg").getLength());
  }

  private static Document curve(long[] steps, double[] total, double[] mcp) {
    List<TrainLine> lines = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      lines.add(Reports.line(steps[i], total[i], mcp.length == 0 ? 0 : mcp[i]));
    }
    LossChart curve = new LossChart("x", lines);
    return Reports.parse(Reports.with(List.of(), List.of(curve), List.of(), null, List.of()));
  }

  private static Document page(List<UnitHistogram> codebooks) {
    return Reports.parse(Reports.with(List.of(), List.of(), codebooks, null, List.of()));
  }

  private static void assertNoNaN(Document page) {
    for (var element : Reports.elements(page, "*", null)) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        String value = element.getAttributes().item(i).getNodeValue();
        assertFalse(value.contains("NaN") || value.contains("Infinity"), value);
        assertFalse(value.contains("9223372036854775807"), value);
      }
    }
    assertFalse(page.getDocumentElement().getTextContent().contains("NaN"));
  }
}
