package org.duovox.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.duovox.DuovoxException;
import org.duovox.report.chart.AlignmentChart.Edge;
import org.duovox.report.chart.AlignmentChart.Frame;
import org.duovox.report.chart.AlignmentChart.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/// Standalone pictures of an alignment, read back as XML and as pixels.
class AlignmentChartTest {
  @TempDir private Path folder;

  @Test
  void everyTokenFrameAndAssignmentIsDrawn() throws IOException {
    String svg = svg(picture("a<b", 4, Edge.OUTSIDE));
    // Paper, 1 legend, 2 tokens, 4 frames.
    assertEquals(8, count(svg, "<rect "));
    assertTrue(svg.contains("stroke=\"" + Ink.ORANGE.css() + "\""), svg);
    assertTrue(svg.contains(">17<") && svg.contains(">5<"), svg);
    assertTrue(svg.contains("Alignment of a&lt;b"), svg);
    assertFalse(svg.contains("NaN"));
    assertFalse(svg(picture("x", 4, Edge.NONE)).contains("outside"));
    assertTrue(svg(picture("x", 4, Edge.REPEATED)).contains("stroke-dasharray"));
  }

  @Test
  void longUtterancesAreBrokenIntoLines() throws IOException {
    String shortOne = svg(picture("x", 20, Edge.NONE));
    String longOne = svg(picture("x", 400, Edge.NONE));
    assertEquals(1, count(shortOne, ">phonetic<"));
    assertEquals((int) Math.ceil(400 * 13 / 1008.0), count(longOne, ">phonetic<"));
  }

  @Test
  void pngShowsTheColorsOfItsUnits() throws IOException {
    Path file = folder.resolve("a.png");
    picture("x", 8, Edge.NONE).write(file);
    var image = ImageIO.read(file.toFile());
    assertEquals(2 * AlignmentChart.WIDTH, image.getWidth());
    java.util.Set<Integer> colors = new java.util.HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.add(image.getRGB(x, y) & 0xFFFFFF);
      }
    }
    for (int unit : new int[] {17, 3, 5}) {
      Ink ink = Ink.ofUnit(unit);
      assertTrue(colors.contains(ink.red() << 16 | ink.green() << 8 | ink.blue()), "unit " + unit);
    }
    assertNotEquals(Ink.ofUnit(3), Ink.ofUnit(4));
  }

  @Test
  void otherKindsOfFilesAndEmptyPicturesAreRefused() {
    DuovoxException kind =
        assertThrows(
            DuovoxException.class, () -> picture("x", 4, Edge.NONE).write(Path.of("a.gif")));
    assertTrue(kind.getMessage().contains("a.gif"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AlignmentChart("x", "", "", "", List.of(), List.of()));
  }

  private String svg(AlignmentChart picture) throws IOException {
    Path file = folder.resolve("picture.svg");
    picture.write(file);
    String text = Files.readString(file);
    try (var stream = Files.newInputStream(file)) {
      var parsed = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(stream);
      assertEquals("svg", parsed.getDocumentElement().getTagName());
    } catch (SAXException | ParserConfigurationException e) {
      throw new AssertionError("not well-formed", e);
    }
    return text;
  }

  /// Two tokens over frames of 20 ms with two units each in turn; the last frame is an edge.
  private static AlignmentChart picture(String id, int frames, Edge last) {
    double end = 0.02 * frames;
    List<Token> tokens =
        List.of(new Token(0, end / 2, 17, 1), new Token(end / 2, end, 3, Math.max(1, frames / 8)));
    List<Frame> drawn = new ArrayList<>();
    for (int k = 0; k < frames; k++) {
      double at = 0.02 * k;
      Edge edge = k == frames - 1 ? last : Edge.NONE;
      drawn.add(new Frame(at, at + 0.02, 5 + k % 2, k * 2 / frames, at + 0.01, edge));
    }
    return new AlignmentChart(id, "coarse", "fine", "by time", tokens, drawn);
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }
}
