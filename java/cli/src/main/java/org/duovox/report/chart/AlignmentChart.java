package org.duovox.report.chart;

import java.util.List;
import org.duovox.report.chart.AlignmentPicture.Edge;
import org.duovox.report.chart.AlignmentPicture.Frame;
import org.duovox.report.chart.AlignmentPicture.Token;
import org.duovox.report.chart.Canvas.Anchor;

/// Draws an alignment: contextual tokens above, phonetic frames below, a line from every frame to
/// the token it belongs to; broken into lines so that every frame stays legible.
final class AlignmentChart {
  static final double WIDTH = 1120;
  private static final double LEFT = 96;
  private static final double RIGHT = 1104;
  private static final double HEAD = 86;
  private static final double ROW = 124;
  private static final double TOKENS = 6;
  private static final double TOKEN_HEIGHT = 30;
  private static final double FRAMES = 60;
  private static final double FRAME_HEIGHT = 28;
  private static final double AXIS = 94;
  private static final double LEAST_FRAME = 13;
  private static final double MOST_FRAME = 34;
  private static final double MOST_FRAMES = 30_000;
  private static final double DIGIT = 6.3;

  private final AlignmentPicture picture;
  private final double secondsPerLine;
  private final int lines;

  AlignmentChart(AlignmentPicture picture) {
    this.picture = picture;
    double total = picture.end() - picture.start();
    double[] lengths =
        picture.frames().stream().mapToDouble(f -> f.end() - f.start()).sorted().toArray();
    double frame = Math.max(lengths[lengths.length / 20], total / MOST_FRAMES);
    double most = (RIGHT - LEFT) * frame / LEAST_FRAME;
    lines = (int) Math.max(1, Math.ceil(total / most - 1e-9));
    double least = (RIGHT - LEFT) * frame / MOST_FRAME;
    secondsPerLine = lines > 1 ? total / lines : Math.max(total, least);
  }

  double height() {
    return HEAD + lines * ROW + 6;
  }

  String title() {
    return "Alignment of " + picture.utteranceId();
  }

  String description() {
    return "%d contextual tokens (%s) and %d phonetic frames (%s). %s"
        .formatted(
            picture.tokens().size(),
            picture.contextual(),
            picture.frames().size(),
            picture.phonetic(),
            picture.note());
  }

  void draw(Canvas canvas) {
    head(canvas);
    for (int line = 0; line < lines; line++) {
      double from = picture.start() + line * secondsPerLine;
      Scale x = Scale.linear(from, from + secondsPerLine, LEFT, RIGHT);
      line(canvas, x, HEAD + line * ROW);
    }
  }

  private void head(Canvas canvas) {
    canvas.text(title(), 16, 22, 16, Anchor.START, Ink.BLACK);
    String streams =
        "contextual: %s      phonetic: %s".formatted(picture.contextual(), picture.phonetic());
    canvas.text(streams, 16, 44, 11.5, Anchor.START, Ink.QUIET);
    canvas.text(picture.note(), 16, 61, 11.5, Anchor.START, Ink.QUIET);
    double at = RIGHT;
    at = legend(canvas, Edge.REPEATED, "repeated edge frame", at);
    legend(canvas, Edge.OUTSIDE, "frame outside of the contextual spans", at);
  }

  private double legend(Canvas canvas, Edge edge, String text, double right) {
    if (picture.frames().stream().noneMatch(frame -> frame.edge() == edge)) {
      return right;
    }
    double width = text.length() * 6.7;
    canvas.text(text, right, 22, 11.5, Anchor.END, Ink.QUIET);
    canvas.box(right - width - 20, 15, 12, 14, Ink.PAPER, Ink.EDGE, edge == Edge.REPEATED);
    return right - width - 40;
  }

  private void line(Canvas canvas, Scale x, double top) {
    canvas.text(
        "contextual", LEFT - 12, top + TOKENS + TOKEN_HEIGHT / 2, 12, Anchor.END, Ink.BLACK);
    canvas.text("phonetic", LEFT - 12, top + FRAMES + FRAME_HEIGHT / 2, 12, Anchor.END, Ink.BLACK);
    for (Token token : picture.tokens()) {
      token(canvas, token, x, top);
    }
    List<Frame> frames = picture.frames();
    frames.forEach(frame -> frame(canvas, frame, x, top));
    for (int first = 0; first < frames.size(); first = endOfRun(first)) {
      number(canvas, first, endOfRun(first), x, top);
    }
    axis(canvas, x, top + AXIS);
  }

  private static void token(Canvas canvas, Token token, Scale x, double top) {
    double left = Math.max(LEFT, x.at(token.start()));
    double right = Math.min(RIGHT, x.at(token.end()));
    if (right - left < 0.5) {
      return;
    }
    double y = top + TOKENS;
    canvas.box(left, y, right - left, TOKEN_HEIGHT, Ink.ofUnit(token.unit()), null, false);
    double step = (token.end() - token.start()) / token.frames();
    for (int i = 1; i < token.frames(); i++) {
      double border = x.at(token.start() + i * step);
      if (border > left && border < right) {
        canvas.line(border, y + TOKEN_HEIGHT - 6, border, y + TOKEN_HEIGHT, Ink.QUIET, 0.8);
      }
    }
    for (double time : new double[] {token.start(), token.end()}) {
      double border = x.at(time);
      if (border > LEFT - 0.5 && border < RIGHT + 0.5) {
        canvas.line(border, y - 3, border, top + FRAMES - 2, Ink.STRONG, 1.2);
      }
    }
    id(canvas, token.unit(), left, right, y + TOKEN_HEIGHT / 2 - 1, 12);
  }

  private void frame(Canvas canvas, Frame frame, Scale x, double top) {
    double left = Math.max(LEFT, x.at(frame.start()));
    double right = Math.min(RIGHT, x.at(frame.end()));
    double y = top + FRAMES;
    boolean edge = frame.edge() != Edge.NONE;
    if (right - left > 0.5) {
      Ink stroke = edge ? Ink.EDGE : null;
      double width = Math.max(0.4, right - left - 0.8);
      boolean dashed = frame.edge() == Edge.REPEATED;
      canvas.box(left + 0.4, y, width, FRAME_HEIGHT, Ink.ofUnit(frame.unit()), stroke, dashed);
    }
    double middle = x.at((frame.start() + frame.end()) / 2);
    if (middle >= LEFT && middle < RIGHT) {
      double above = Math.clamp(x.at(target(frame)), LEFT - 10, RIGHT + 10);
      Ink ink = edge ? Ink.EDGE : Ink.QUIET;
      canvas.line(middle, y, above, top + TOKENS + TOKEN_HEIGHT, ink, 0.9);
    }
  }

  /// The time by which a frame was assigned, moved into the span of its token where it lies
  /// outside.
  private double target(Frame frame) {
    Token owner = picture.tokens().get(frame.token());
    double inset = Math.min(2 / (RIGHT - LEFT) * secondsPerLine, (owner.end() - owner.start()) / 2);
    return Math.clamp(frame.assignedAt(), owner.start() + inset, owner.end() - inset);
  }

  /// Writes the code of a run of equal frames of one token once, in its middle.
  private void number(Canvas canvas, int first, int end, Scale x, double top) {
    List<Frame> frames = picture.frames();
    double left = Math.max(LEFT, x.at(frames.get(first).start()));
    double right = Math.min(RIGHT, x.at(frames.get(end - 1).end()));
    double y = top + FRAMES + FRAME_HEIGHT / 2;
    id(canvas, frames.get(first).unit(), left, right, y, 11);
  }

  private static void id(
      Canvas canvas, int unit, double left, double right, double y, double size) {
    String id = Integer.toString(unit);
    if (right - left > id.length() * DIGIT + 2) {
      canvas.text(id, (left + right) / 2, y, size, Anchor.MIDDLE, Ink.BLACK);
    } else if (right - left > 9) {
      canvas.upright(id, (left + right) / 2, y, 10, Ink.BLACK);
    }
  }

  private int endOfRun(int first) {
    List<Frame> frames = picture.frames();
    int end = first + 1;
    while (end < frames.size()
        && frames.get(end).unit() == frames.get(first).unit()
        && frames.get(end).token() == frames.get(first).token()
        && frames.get(end).edge() == frames.get(first).edge()) {
      end++;
    }
    return end;
  }

  private void axis(Canvas canvas, Scale x, double y) {
    canvas.line(LEFT, y, Math.min(RIGHT, x.at(picture.end())), y, Ink.LINE, 1);
    for (double tick : x.ticks(10)) {
      if (tick <= picture.end() + 1e-9) {
        canvas.line(x.at(tick), y, x.at(tick), y + 4, Ink.LINE, 1);
        String label = Numbers.fixed(tick, x.decimals(10));
        canvas.text(label, x.at(tick), y + 13, 10.5, Anchor.MIDDLE, Ink.QUIET);
      }
    }
    canvas.text("s", RIGHT, y + 13, 10.5, Anchor.END, Ink.QUIET);
  }
}
