package org.duovox.report.chart;

import java.util.List;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// One utterance of an alignment: contextual tokens above, phonetic frames below, a line from every
/// frame to the token it belongs to; broken into lines so that every frame stays legible.
///
/// @param utteranceId its name
/// @param contextual what the upper row shows, e.g. "embedding, 80 ms"
/// @param phonetic what the lower row shows
/// @param note how they were aligned, in a line
/// @param tokens contextual tokens in order of time, without gaps
/// @param frames phonetic frames in order of time
public record AlignmentChart(
    String utteranceId,
    String contextual,
    String phonetic,
    String note,
    List<Token> tokens,
    List<Frame> frames)
    implements Chart {
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

  private static final Look TITLE = letters(Ink.BLACK, 16, Anchor.START);
  private static final Look NOTE = letters(Ink.QUIET, 11.5, Anchor.START);
  private static final Look LEGEND = letters(Ink.QUIET, 11.5, Anchor.END);
  private static final Look ROW_NAME = letters(Ink.BLACK, 12, Anchor.END);
  private static final Look TICK = letters(Ink.QUIET, 10.5, Anchor.MIDDLE);
  private static final Look AXIS_NAME = letters(Ink.QUIET, 10.5, Anchor.END);
  private static final Look AXIS_LINE = Look.stroke(null, Ink.AXIS, 1);
  private static final Look TOKEN_BORDER = Look.stroke(null, Ink.BORDER, 1.2);
  private static final Look FRAME_IN_TOKEN = Look.stroke(null, Ink.QUIET, 0.8);

  /// A contextual token.
  ///
  /// @param start in seconds
  /// @param end in seconds
  /// @param unit its code
  /// @param frames contextual frames that were merged into it
  public record Token(double start, double end, int unit, int frames) {}

  /// A phonetic frame, or a merged phonetic unit where frames are no longer known.
  ///
  /// @param start in seconds, where the frame lies in the audio
  /// @param end in seconds
  /// @param unit its code
  /// @param token the token it belongs to
  /// @param assignedAt the time by which it was assigned, in seconds: its center, shifted if asked
  /// @param edge whether it is an ordinary frame
  public record Frame(
      double start, double end, int unit, int token, double assignedAt, Edge edge) {}

  /// What is special about a frame at the edges.
  public enum Edge {
    NONE,
    /// It lies outside of the contextual spans and went to the nearest one.
    OUTSIDE,
    /// It repeats the first or last frame.
    REPEATED
  }

  /// How the utterance is broken into lines.
  private record Layout(int lines, double secondsPerLine) {}

  public AlignmentChart {
    tokens = List.copyOf(tokens);
    frames = List.copyOf(frames);
    if (tokens.isEmpty() || frames.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw");
    }
  }

  private static Look letters(Ink ink, double size, Anchor anchor) {
    return Look.text(null, ink, size, anchor);
  }

  @Override
  public Sheet sheet() {
    String description =
        "%d contextual tokens (%s) and %d phonetic frames (%s). %s"
            .formatted(tokens.size(), contextual, frames.size(), phonetic, note);
    double height = HEAD + layout().lines() * ROW + 6;
    return new Sheet("alignment", WIDTH, height, title(), description);
  }

  @Override
  public void draw(Canvas canvas) {
    head(canvas);
    Layout layout = layout();
    double seconds = layout.secondsPerLine();
    for (int line = 0; line < layout.lines(); line++) {
      double from = start() + line * seconds;
      line(canvas, Scale.linear(from, from + seconds, LEFT, RIGHT), HEAD + line * ROW);
    }
  }

  private String title() {
    return "Alignment of " + utteranceId;
  }

  private double start() {
    return Math.min(tokens.getFirst().start(), frames.getFirst().start());
  }

  private double end() {
    return Math.max(tokens.getLast().end(), frames.getLast().end());
  }

  private Layout layout() {
    double total = end() - start();
    double[] lengths = frames.stream().mapToDouble(f -> f.end() - f.start()).sorted().toArray();
    double frame = Math.max(lengths[lengths.length / 20], total / MOST_FRAMES);
    double most = (RIGHT - LEFT) * frame / LEAST_FRAME;
    int lines = (int) Math.max(1, Math.ceil(total / most - 1e-9));
    double least = (RIGHT - LEFT) * frame / MOST_FRAME;
    return new Layout(lines, lines > 1 ? total / lines : Math.max(total, least));
  }

  private void head(Canvas canvas) {
    canvas.text(TITLE, Label.centered(title(), 16, 22));
    String streams = "contextual: %s      phonetic: %s".formatted(contextual, phonetic);
    canvas.text(NOTE, Label.centered(streams, 16, 44));
    canvas.text(NOTE, Label.centered(note, 16, 61));
    double at = legend(canvas, Edge.REPEATED, "repeated edge frame", RIGHT);
    legend(canvas, Edge.OUTSIDE, "frame outside of the contextual spans", at);
  }

  /// Explains a kind of frame that occurs, and returns where the next explanation ends.
  private double legend(Canvas canvas, Edge edge, String text, double right) {
    if (frames.stream().noneMatch(frame -> frame.edge() == edge)) {
      return right;
    }
    double width = text.length() * 6.7;
    canvas.text(LEGEND, Label.centered(text, right, 22));
    canvas.box(look(Ink.PAPER, edge), right - width - 20, 15, 12, 14);
    return right - width - 40;
  }

  /// The look of a frame, with an outline at the edges.
  private static Look look(Ink fill, Edge edge) {
    Look look = Look.area(null, fill);
    return switch (edge) {
      case NONE -> look;
      case OUTSIDE -> look.outlined(Ink.ORANGE, 1.4);
      case REPEATED -> look.outlined(Ink.ORANGE, 1.4).dashed("3 2");
    };
  }

  private void line(Canvas canvas, Scale x, double top) {
    double name = LEFT - 12;
    canvas.text(ROW_NAME, Label.centered("contextual", name, top + TOKENS + TOKEN_HEIGHT / 2));
    canvas.text(ROW_NAME, Label.centered("phonetic", name, top + FRAMES + FRAME_HEIGHT / 2));
    tokens.forEach(token -> draw(canvas, token, x, top));
    frames.forEach(frame -> draw(canvas, frame, x, top));
    for (int first = 0; first < frames.size(); first = endOfRun(first)) {
      number(canvas, first, endOfRun(first), x, top);
    }
    axis(canvas, x, top + AXIS);
  }

  private static void draw(Canvas canvas, Token token, Scale x, double top) {
    double left = Math.max(LEFT, x.at(token.start()));
    double right = Math.min(RIGHT, x.at(token.end()));
    if (right - left < 0.5) {
      return;
    }
    double y = top + TOKENS;
    double bottom = y + TOKEN_HEIGHT;
    canvas.box(Look.area(null, Ink.ofUnit(token.unit())), left, y, right - left, TOKEN_HEIGHT);
    double step = (token.end() - token.start()) / token.frames();
    for (int i = 1; i < token.frames(); i++) {
      double border = x.at(token.start() + i * step);
      if (border > left && border < right) {
        canvas.line(FRAME_IN_TOKEN, border, bottom - 6, border, bottom);
      }
    }
    for (double time : new double[] {token.start(), token.end()}) {
      double border = x.at(time);
      if (border > LEFT - 0.5 && border < RIGHT + 0.5) {
        canvas.line(TOKEN_BORDER, border, y - 3, border, top + FRAMES - 2);
      }
    }
    id(canvas, token.unit(), left, right, y + TOKEN_HEIGHT / 2 - 1, 12);
  }

  private void draw(Canvas canvas, Frame frame, Scale x, double top) {
    double left = Math.max(LEFT, x.at(frame.start()));
    double right = Math.min(RIGHT, x.at(frame.end()));
    double y = top + FRAMES;
    if (right - left > 0.5) {
      double width = Math.max(0.4, right - left - 0.8);
      Look look = look(Ink.ofUnit(frame.unit()), frame.edge());
      canvas.box(look, left + 0.4, y, width, FRAME_HEIGHT);
    }
    double middle = x.at((frame.start() + frame.end()) / 2);
    if (middle >= LEFT && middle < RIGHT) {
      double above = Math.clamp(x.at(target(frame, x)), LEFT - 10, RIGHT + 10);
      Ink ink = frame.edge() == Edge.NONE ? Ink.QUIET : Ink.ORANGE;
      Look look = Look.stroke(null, ink, 0.9);
      canvas.line(look, middle, y, above, top + TOKENS + TOKEN_HEIGHT);
    }
  }

  /// Returns the time by which a frame was assigned, moved into the span of its token where it lies
  /// outside.
  private double target(Frame frame, Scale x) {
    Token owner = tokens.get(frame.token());
    double twoPixels = 2 / (RIGHT - LEFT) * (x.high() - x.low());
    double inset = Math.min(twoPixels, (owner.end() - owner.start()) / 2);
    return Math.clamp(frame.assignedAt(), owner.start() + inset, owner.end() - inset);
  }

  /// Writes the code of a run of equal frames of one token once, in its middle.
  private void number(Canvas canvas, int first, int end, Scale x, double top) {
    double left = Math.max(LEFT, x.at(frames.get(first).start()));
    double right = Math.min(RIGHT, x.at(frames.get(end - 1).end()));
    double y = top + FRAMES + FRAME_HEIGHT / 2;
    id(canvas, frames.get(first).unit(), left, right, y, 11);
  }

  /// Writes the code of a unit between two borders, upright where they are narrow.
  private static void id(
      Canvas canvas, int unit, double left, double right, double y, double size) {
    Label id = Label.centered(Integer.toString(unit), (left + right) / 2, y);
    if (right - left > id.text().length() * DIGIT + 2) {
      canvas.text(letters(Ink.BLACK, size, Anchor.MIDDLE), id);
    } else if (right - left > 9) {
      canvas.text(letters(Ink.BLACK, 10, Anchor.MIDDLE), id.turned());
    }
  }

  private int endOfRun(int first) {
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
    canvas.line(AXIS_LINE, LEFT, y, Math.min(RIGHT, x.at(end())), y);
    for (double tick : x.ticks(10)) {
      if (tick <= end() + 1e-9) {
        canvas.line(AXIS_LINE, x.at(tick), y, x.at(tick), y + 4);
        canvas.text(TICK, Label.centered(Wording.fixed(tick, x.decimals(10)), x.at(tick), y + 13));
      }
    }
    canvas.text(AXIS_NAME, Label.centered("s", RIGHT, y + 13));
  }
}
