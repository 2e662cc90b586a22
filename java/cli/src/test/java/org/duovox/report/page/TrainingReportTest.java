package org.duovox.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.report.chart.CurveChart;
import org.duovox.report.chart.CurveChart.Level;
import org.duovox.report.chart.CurveChart.Mark;
import org.duovox.report.chart.CurveChart.Series;
import org.duovox.report.page.TrainingReport.Checkpoint;
import org.duovox.report.page.TrainingReport.Run;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/// The page of trainings, on ordinary and on degenerate data.
class TrainingReportTest {
  private static final double NONE = Double.NaN;

  @Test
  void everySeriesLevelAndMarkIsDrawn() {
    CurveChart chart =
        new CurveChart(
            "Loss",
            "Falls.",
            false,
            List.of(series(0, false, 3, 2, 1), series(1, true, 3, NONE, 2)),
            List.of(new Level("bigram", 2.5)),
            List.of(new Mark(Mark.Kind.SPIKE, 20), new Mark(Mark.Kind.SKIPPED, 5000)));
    Document page = page(List.of(run("a", Map.of())), List.of(chart));
    assertEquals(1, Reports.elements(page, "path", "held-out").size());
    assertEquals(2, Reports.elements(page, "path", "series").size());
    assertEquals(2, Reports.elements(page, "circle", "dot").size(), "of the held-out values");
    assertEquals(1, Reports.elements(page, "line", "level").size());
    assertEquals(2, Reports.elements(page, "line", "spike").size(), "in the chart and its legend");
    assertEquals(1, Reports.elements(page, "line", "skipped").size(), "beyond the chart: legend");
  }

  @Test
  void nothingAndNothingFiniteStillDraw() {
    for (double[] values : new double[][] {{}, {NONE, NONE}, {0}, {Double.POSITIVE_INFINITY, 1}}) {
      CurveChart chart =
          new CurveChart("x", "", true, List.of(series(0, false, values)), List.of(), List.of());
      String html = html(List.of(run("a", Map.of())), List.of(chart));
      assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
    }
  }

  @Test
  void ofSeveralRunsWhatDiffersStandsBeforeWhatIsEqual() {
    Run one = run("one", Map.of("seed", "1", "steps", "10"));
    Run two = run("two", Map.of("seed", "2", "steps", "10"));
    String html = html(List.of(one, two), List.of());
    assertTrue(html.indexOf(">seed<") < html.indexOf("<details>"), html);
    assertTrue(html.indexOf(">steps<") > html.indexOf("<details>"), html);
    assertTrue(html.contains("1 that are equal in all runs"), html);
  }

  @Test
  void textFromARunDoesNoHarm() {
    Run run = run("<script>alert(1)</script>", Map.of("key", "\"><img src=x>"));
    String html = html(List.of(run), List.of());
    assertFalse(html.contains("<script>") || html.contains("<img"), html);
  }

  @Test
  void checkpointsNameTheirRun() {
    Run run =
        new Run(
            "one",
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(new Checkpoint("checkpoints/step-00000100", 100, "all")));
    assertTrue(html(List.of(run), List.of()).contains("checkpoints/step-00000100"));
    assertTrue(html(List.of(run, run("two", Map.of())), List.of()).contains("<td>one</td>"));
  }

  private static Series series(int run, boolean heldOut, double... values) {
    long[] steps = new long[values.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = 10L * (i + 1);
    }
    return new Series(run, heldOut, steps, values);
  }

  private static Run run(String name, Map<String, String> settings) {
    return new Run(name, Map.of("Steps", "10"), settings, Map.of(), List.of());
  }

  private static Document page(List<Run> runs, List<CurveChart> charts) {
    return Reports.parse(html(runs, charts));
  }

  private static String html(List<Run> runs, List<CurveChart> charts) {
    return TrainingReportWriter.html(
        new TrainingReport("title", "", new ArrayList<>(runs), charts, List.of()));
  }
}
