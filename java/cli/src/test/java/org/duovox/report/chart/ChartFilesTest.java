package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.duovox.eval.ConfusionMatrix;
import org.duovox.recipe.Results;
import org.duovox.report.chart.CurveChart.Level;
import org.duovox.report.chart.CurveChart.Mark;
import org.duovox.report.chart.CurveChart.Series;
import org.duovox.report.chart.StripChart.Segment;
import org.duovox.report.page.Reports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Every chart on every canvas: as a piece of a page, as an SVG file, as a PNG file.
class ChartFilesTest {
  @TempDir private Path folder;

  private record Example(Chart chart, Ink ink) {
    @Override
    public String toString() {
      return chart.getClass().getSimpleName();
    }
  }

  static Stream<Example> examples() {
    double[] values = {3, 2, 1};
    long[] steps = {10, 20, 30};
    return Stream.of(
        new Example(
            new LossChart("x", List.of(Reports.line(1, 3, 2), Reports.line(9, 2, 1))), Ink.BLUE),
        new Example(
            new CurveChart(
                "Loss",
                "",
                true,
                List.of(new Series(0, false, steps, values), new Series(2, true, steps, values)),
                List.of(new Level("bigram", 2.5)),
                List.of(new Mark(Mark.Kind.SPIKE, 20), new Mark(Mark.Kind.SKIPPED, 15))),
            Ink.BLUE),
        new Example(
            new UsageChart(new UnitHistogram("x", new long[] {90, 5, 0, 1})),
            Ink.BLUE.thinned(0.75)),
        new Example(
            new StripChart(
                "x", new float[] {-1, 1, -1, 1}, 1, List.of(new Segment(0, 1, 7)), List.of()),
            Ink.ofUnit(7)),
        new Example(
            new ConfusionChart(
                "x", new ConfusionMatrix(List.of("a", "b"), new int[][] {{3, 0}, {0, 0}})),
            Ink.BLUE),
        new Example(
            new WhiskerChart(
                ResultGroup.of(
                        List.of(
                            new Results.Row("t", "d", "mean", "joint", "acc", 0.5, 0.2, 0.9, 9, 1),
                            new Results.Row("t", "d", "f", "joint", "acc", 0.4, 0.2, 0.9, 9, 1)))
                    .getFirst()),
            Ink.PURPLE));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void pngHasTheSizeAndTheColorsOfTheChart(Example example) throws IOException {
    Path file = folder.resolve("chart.png");
    example.chart().write(file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(Math.ceil(2 * example.chart().sheet().width()), image.getWidth());
    assertEquals(Math.ceil(2 * example.chart().sheet().height()), image.getHeight());
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.add(image.getRGB(x, y) & 0xFFFFFF);
      }
    }
    Ink ink = example.ink();
    assertTrue(colors.contains(ink.red() << 16 | ink.green() << 8 | ink.blue()), ink.css());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void svgFilesHaveColorsAndPagesHaveClasses(Example example) throws IOException {
    Path file = folder.resolve("chart.svg");
    example.chart().write(file);
    Document alone = Reports.parse(Files.readString(file));
    Markup markup = new Markup();
    example.chart().writeTo(markup);
    Document inPage = Reports.parse(markup.toString());
    int shapes = 0;
    for (String tag : List.of("rect", "line", "circle", "path", "text")) {
      List<Element> colored = Reports.elements(alone, tag, null);
      List<Element> classed = Reports.elements(inPage, tag, null);
      int paper = tag.equals("rect") ? 1 : 0;
      assertEquals(classed.size(), colored.size() - paper, tag);
      for (Element element : colored) {
        assertTrue(element.hasAttribute("fill") || element.hasAttribute("stroke"), tag);
        assertFalse(element.hasAttribute("class") || element.hasAttribute("style"), tag);
      }
      for (Element element : classed) {
        assertTrue(element.hasAttribute("class"), tag);
        assertFalse(element.hasAttribute("fill") || element.hasAttribute("stroke"), tag);
      }
      shapes += classed.size();
    }
    assertTrue(shapes > 5);
  }

  @Test
  void theColorsAreThoseOfTheStyleSheet() throws IOException {
    String css;
    try (InputStream stream = Reports.class.getResourceAsStream("report.css")) {
      css = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
    String light = css.substring(0, css.indexOf("@media"));
    Map<String, Ink> inks =
        Map.of(
            "ink", Ink.BLACK,
            "quiet", Ink.QUIET,
            "card", Ink.PAPER,
            "grid", Ink.GRID,
            "line", Ink.BASE,
            "cell", Ink.CELL);
    inks.forEach(
        (name, ink) -> assertTrue(light.contains("--" + name + ": " + ink.css() + ";"), name));
    for (String system : List.of("dual", "contextual", "phonetic", "joint", "other")) {
      String variable = "--" + system + ": " + Systems.ink(system).css() + ";";
      assertTrue(light.contains(variable), variable);
    }
  }
}
