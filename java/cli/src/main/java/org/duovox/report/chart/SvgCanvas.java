package org.duovox.report.chart;

import java.nio.charset.StandardCharsets;

/// A standalone SVG file; its colors are written into it.
final class SvgCanvas implements Canvas {
  private static final String FONT =
      "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

  private final Markup out = new Markup();

  SvgCanvas(double width, double height, String title, String description) {
    out.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 " + Numbers.coordinate(width) + " " + Numbers.coordinate(height),
        "role",
        "img",
        "font-family",
        FONT);
    out.leaf("title", title).leaf("desc", description).newLine();
    box(0, 0, width, height, Ink.PAPER, null, false);
  }

  @Override
  public void box(
      double x, double y, double width, double height, Ink fill, Ink stroke, boolean dashed) {
    out.empty(
            "rect",
            "x",
            x,
            "y",
            y,
            "width",
            width,
            "height",
            height,
            "fill",
            fill.css(),
            "stroke",
            stroke == null ? null : stroke.css(),
            "stroke-width",
            stroke == null ? null : "1.4",
            "stroke-dasharray",
            stroke != null && dashed ? "3 2" : null)
        .newLine();
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, Ink ink, double width) {
    out.empty(
            "line",
            "x1",
            x1,
            "y1",
            y1,
            "x2",
            x2,
            "y2",
            y2,
            "stroke",
            ink.css(),
            "stroke-width",
            width)
        .newLine();
  }

  @Override
  public void text(String text, double x, double y, double size, Anchor anchor, Ink ink) {
    String how =
        switch (anchor) {
          case START -> "start";
          case MIDDLE -> "middle";
          case END -> "end";
        };
    out.leaf(
            "text",
            text,
            "x",
            x,
            "y",
            y,
            "dy",
            "0.35em",
            "font-size",
            size,
            "text-anchor",
            how,
            "fill",
            ink.css())
        .newLine();
  }

  @Override
  public void upright(String text, double x, double y, double size, Ink ink) {
    String place = Numbers.coordinate(x) + " " + Numbers.coordinate(y);
    out.open("g", "transform", "translate(" + place + ") rotate(-90)");
    text(text, 0, 0, size, Anchor.MIDDLE, ink);
    out.close();
  }

  @Override
  public byte[] finish() {
    return (out.close().newLine().toString()).getBytes(StandardCharsets.UTF_8);
  }
}
