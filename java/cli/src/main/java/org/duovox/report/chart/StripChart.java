package org.duovox.report.chart;

import java.util.List;
import org.duovox.report.Wording;
import org.duovox.report.chart.Canvas.Anchor;
import org.duovox.report.chart.Canvas.Label;

/// One utterance over time: waveform above, contextual and phonetic units below, colored by unit.
///
/// @param utteranceId its name
/// @param waveformEnvelope lowest and highest sample of equal slices of time, in pairs: min, max,
///   min, max, ..., in [-1, 1]
/// @param seconds its duration
/// @param contextual contextual units, in order
/// @param phonetic phonetic units, in order
public record StripChart(
    String utteranceId,
    float[] waveformEnvelope,
    double seconds,
    List<Segment> contextual,
    List<Segment> phonetic)
    implements Chart {
  private static final double WIDTH = 1080;
  private static final double LEFT = 84;
  private static final double RIGHT = 1072;
  private static final double WAVE_MIDDLE = 46;
  private static final double WAVE_HALF = 40;
  private static final double CONTEXTUAL = 100;
  private static final double PHONETIC = 140;
  private static final double HEIGHT = 32;
  private static final double BOTTOM = 180;
  private static final double DIGIT = 6.8;

  private static final Look WAVE = Look.area("wave", Ink.GRAY.thinned(0.8));
  private static final Look ID = Look.text("unit-id middle", Ink.BLACK, 10.5, Anchor.MIDDLE);

  /// A stretch of one unit.
  ///
  /// @param start in seconds
  /// @param end in seconds
  /// @param unit its id
  public record Segment(double start, double end, int unit) {}

  public StripChart {
    contextual = List.copyOf(contextual);
    phonetic = List.copyOf(phonetic);
  }

  @Override
  public Sheet sheet() {
    String title = "Units of " + utteranceId + " over time";
    return new Sheet("strip", WIDTH, BOTTOM + 36, title, description());
  }

  @Override
  public void draw(Canvas canvas) {
    Scale x = Scale.linear(0, Math.max(seconds, 1e-3), LEFT, RIGHT);
    name(canvas, "waveform", WAVE_MIDDLE);
    wave(canvas, x);
    name(canvas, "contextual", CONTEXTUAL + HEIGHT / 2);
    contextual.forEach(segment -> draw(canvas, segment, "contextual", x, CONTEXTUAL));
    name(canvas, "phonetic", PHONETIC + HEIGHT / 2);
    phonetic.forEach(segment -> draw(canvas, segment, "phonetic", x, PHONETIC));
    Axes.horizontal(canvas, x, BOTTOM, 10, tick -> Wording.fixed(tick, x.decimals(10)));
    Axes.name(canvas, x, BOTTOM + 32, "seconds");
  }

  private static void name(Canvas canvas, String name, double y) {
    canvas.text(Look.ROW_NAME, Label.centered(name, LEFT - 12, y));
  }

  /// Draws the area between the lowest and the highest sample, scaled so that the loudest slice
  /// fills the height.
  private void wave(Canvas canvas, Scale x) {
    int slices = waveformEnvelope.length / 2;
    double loudest = 1e-6;
    for (float value : waveformEnvelope) {
      loudest = Math.max(loudest, Math.abs(value));
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < 2 * slices; i++) {
      // Along the highest samples to the right, back along the lowest.
      int slice = i < slices ? i : 2 * slices - 1 - i;
      double value = waveformEnvelope[2 * slice + (i < slices ? 1 : 0)];
      double at = seconds * (slice + 0.5) / slices;
      double height = WAVE_HALF * (Double.isFinite(value) ? value : 0) / loudest;
      path.append(i == 0 ? 'M' : 'L')
          .append(Markup.coordinate(x.at(at)))
          .append(' ')
          .append(Markup.coordinate(WAVE_MIDDLE - height));
    }
    canvas.line(Axes.GRID, LEFT, WAVE_MIDDLE, RIGHT, WAVE_MIDDLE);
    if (slices > 0) {
      canvas.path(WAVE, path.append('Z').toString());
    }
  }

  private static void draw(Canvas canvas, Segment segment, String stream, Scale x, double y) {
    double start = x.at(Math.clamp(segment.start(), 0, x.high()));
    double end = x.at(Math.clamp(segment.end(), 0, x.high()));
    String id = Integer.toString(segment.unit());
    Look look =
        Look.area("unit shade-" + Ink.shadeOf(segment.unit()), Ink.ofUnit(segment.unit()))
            .styled("--hue:" + Math.round(Ink.hueOf(segment.unit())));
    canvas.open(tooltip(segment, stream));
    canvas.box(look, start, y, Math.max(0.4, end - start - 0.8), HEIGHT);
    if (end - start > id.length() * DIGIT + 4) {
      canvas.text(ID, Label.centered(id, (start + end) / 2 - 0.4, y + HEIGHT / 2));
    }
    canvas.close();
  }

  private static String tooltip(Segment segment, String stream) {
    return "%s unit %d, %s to %s s"
        .formatted(
            stream,
            segment.unit(),
            Wording.fixed(segment.start(), 2),
            Wording.fixed(segment.end(), 2));
  }

  private String description() {
    String ids =
        String.join(
            " ", contextual.stream().limit(40).map(s -> Integer.toString(s.unit())).toList());
    return "%s seconds with %d contextual and %d phonetic segments. Contextual units: %s."
        .formatted(Wording.fixed(seconds, 2), contextual.size(), phonetic.size(), ids);
  }
}
