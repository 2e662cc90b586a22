package org.duovox.report.page;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.recipe.Results.Row;
import org.duovox.report.chart.ConfusionChart;
import org.duovox.report.chart.LossChart;
import org.duovox.report.chart.StripChart;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.chart.WordMap;
import org.duovox.train.log.TrainLine;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// Small invented reports, and the page parsed as XML.
public final class Reports {
  private Reports() {}

  static Report empty() {
    return new Report(
        "empty",
        "",
        List.of(),
        List.of(),
        List.of(),
        null,
        List.of(),
        DataTable.empty("confused"),
        WordsSection.NONE,
        "",
        new TreeMap<>(),
        List.of(),
        List.of(),
        List.of());
  }

  static Report results(Row... rows) {
    return with(List.of(rows), List.of(), List.of(), null, List.of());
  }

  public static Report with(
      List<Row> results,
      List<LossChart> curves,
      List<UnitHistogram> codebooks,
      StripChart strip,
      List<ConfusionChart> confusions) {
    return new Report(
        "run",
        "",
        results,
        curves,
        codebooks,
        strip,
        confusions,
        DataTable.empty("confused"),
        WordsSection.NONE,
        "",
        new TreeMap<>(),
        List.of(),
        List.of(),
        List.of());
  }

  /// A report with every section, in which `text` stands wherever text of users can stand.
  public static Report full(String text) {
    return new Report(
        text,
        text,
        List.of(row("mean", text, 0.9), row(text, text, 0.8), row("mean", "dual", 0.95)),
        List.of(new LossChart(text, List.of(line(1, 3, 3), line(2, 2.5, 2.5), line(3, 2, 2)))),
        List.of(new UnitHistogram(text, new long[] {5, 0, 2})),
        new StripChart(
            text,
            new float[] {-0.1f, 0.2f, -0.5f, 0.4f},
            0.4,
            List.of(new StripChart.Segment(0, 0.2, 7), new StripChart.Segment(0.2, 0.4, 9)),
            List.of(new StripChart.Segment(0, 0.4, 1))),
        List.of(
            new ConfusionChart(
                text, new ConfusionMatrix(List.of(text, "b"), new int[][] {{3, 1}, {0, 0}}))),
        new DataTable("confused", text, List.of("said", text), List.of(List.of(text, 1))),
        words(text),
        text,
        new TreeMap<>(Map.of(text, text)),
        List.of(text),
        List.of(new Report.StageTime(text, 61, false), new Report.StageTime("b", 0, true)),
        List.of(new DataTable("data", text, List.of(text), List.of(List.of(text)))));
  }

  /// Two words in one system, in whose names `text` stands.
  static WordsSection words(String text) {
    return new WordsSection(
        List.of(
            new WordMap(
                text,
                0.9,
                List.of(new WordMap.Point(text, 0, 1, 0), new WordMap.Point("b", 1, 0, -1)))),
        new NearestWords(
            List.of(text),
            List.of(
                new NearestWords.Row(
                    text, List.of(List.of(new NearestWords.Neighbor(text, 0.1, true)))))),
        text);
  }

  /// A report of training steps whose second objective, reconstruction, is absent.
  public static TrainLine line(long step, double total, double mcp) {
    return new TrainLine(TrainLine.Kind.TRAIN, step, 0, total, mcp, 0, 0, 0, 0, 1, 1, null);
  }

  static Row row(String split, String system, double value) {
    return new Row(
        "intent", "digits", split, system, "accuracy", value, value - 0.02, value + 0.01, 50, 1);
  }

  /// Parses the page; every page is well-formed XML.
  public static Document parse(Report report) {
    return parse(ReportWriter.html(report));
  }

  /// Parses a page; every page is well-formed XML.
  public static Document parse(String html) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(html)));
    } catch (Exception e) {
      throw new AssertionError("the page is not well-formed", e);
    }
  }

  /// The elements of a tag whose class attribute holds a word; any class for null.
  public static List<Element> elements(Document page, String tag, String type) {
    NodeList nodes = page.getElementsByTagName(tag);
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(e -> type == null || List.of(e.getAttribute("class").split(" ")).contains(type))
        .toList();
  }
}
