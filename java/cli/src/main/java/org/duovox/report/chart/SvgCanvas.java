package org.duovox.report.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.duovox.report.chart.Look.Pen;

/// Writes an SVG element: in a page with the classes of the style sheet, in a file of its own with
/// colors.
final class SvgCanvas implements Canvas {
  private static final String FONT =
      "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

  private final Markup out;
  private final boolean inPage;

  private SvgCanvas(Markup out, boolean inPage) {
    this.out = out;
    this.inPage = inPage;
  }

  /// Begins an element of a page, which scales with the page and tells a screen reader what it
  /// shows.
  static SvgCanvas inPage(Markup page, Chart.Sheet sheet) {
    page.open("svg", "viewBox", viewBox(sheet), "class", "picture " + sheet.kind(), "role", "img");
    page.leaf("title", sheet.title()).leaf("desc", sheet.description());
    return new SvgCanvas(page, true);
  }

  /// Begins an SVG file on white paper.
  static SvgCanvas standalone(Markup file, Chart.Sheet sheet) {
    file.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        sheet.width(),
        "height",
        sheet.height(),
        "viewBox",
        viewBox(sheet),
        "role",
        "img",
        "font-family",
        FONT);
    file.leaf("title", sheet.title()).leaf("desc", sheet.description()).newLine();
    SvgCanvas canvas = new SvgCanvas(file, false);
    canvas.box(Look.area(null, Ink.PAPER), 0, 0, sheet.width(), sheet.height());
    return canvas;
  }

  private static String viewBox(Chart.Sheet sheet) {
    return "0 0 " + Markup.coordinate(sheet.width()) + " " + Markup.coordinate(sheet.height());
  }

  /// Ends the element.
  void finish() {
    out.close().newLine();
  }

  @Override
  public void open(String tooltip) {
    out.open("g").leaf("title", tooltip);
    endLine();
  }

  @Override
  public void close() {
    out.close();
    endLine();
  }

  @Override
  public void box(Look look, double x, double y, double width, double height) {
    Double corner = inPage ? 2.0 : null;
    shape("rect", look, "x", x, "y", y, "width", width, "height", height, "rx", corner);
  }

  @Override
  public void line(Look look, double x1, double y1, double x2, double y2) {
    shape("line", look, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
  }

  @Override
  public void circle(Look look, double x, double y, double radius) {
    shape("circle", look, "cx", x, "cy", y, "r", radius);
  }

  @Override
  public void path(Look look, String path) {
    boolean hollow = !inPage && look.fill() == null;
    shape("path", look, "d", path, "fill", hollow ? "none" : null);
  }

  @Override
  public void text(Look look, Label label) {
    String turn =
        "translate(%s %s) rotate(-90)"
            .formatted(Markup.coordinate(label.x()), Markup.coordinate(label.y()));
    String middle = label.centered() ? "0.35em" : null;
    if (!label.upright()) {
      letters(look, label, "x", label.x(), "y", label.y(), "dy", middle);
    } else if (inPage) {
      letters(look, label, "dy", middle, "transform", turn);
    } else {
      out.open("g", "transform", turn);
      letters(look, label, "x", 0.0, "y", 0.0, "dy", middle);
      out.close();
    }
  }

  private void letters(Look look, Label label, Object... place) {
    List<Object> attributes = new ArrayList<>();
    Collections.addAll(attributes, place);
    if (!inPage) {
      String anchor = look.anchor().name().toLowerCase(Locale.ROOT);
      Collections.addAll(attributes, "font-size", look.size(), "text-anchor", anchor);
    }
    out.open("text", styled(look, attributes.toArray())).text(label.text());
    if (label.tooltip() != null) {
      out.leaf("title", label.tooltip());
    }
    out.close();
    endLine();
  }

  private void shape(String tag, Look look, Object... geometry) {
    out.empty(tag, styled(look, geometry));
    endLine();
  }

  /// Returns attributes with the look: classes before them, or colors after them.
  private Object[] styled(Look look, Object... geometry) {
    List<Object> attributes = new ArrayList<>();
    if (inPage) {
      Collections.addAll(attributes, "class", look.css(), "style", look.inline());
    }
    Collections.addAll(attributes, geometry);
    if (!inPage) {
      Collections.addAll(attributes, "fill", look.fill() == null ? null : look.fill().css());
      Pen pen = look.pen();
      if (pen != null) {
        Collections.addAll(attributes, "stroke", pen.ink().css(), "stroke-width", pen.width());
        Collections.addAll(attributes, "stroke-dasharray", pen.dashes());
      }
    }
    return attributes.toArray();
  }

  /// Files have a line for each shape, so that they can be compared.
  private void endLine() {
    if (!inPage) {
      out.newLine();
    }
  }
}
