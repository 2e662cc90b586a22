package org.duovox.report.chart;

import java.util.List;

/// One utterance over time: waveform above, contextual and phonetic units below, colored by unit.
public final class StripChart {
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

  private StripChart() {}

  public static void draw(Markup out, AlignmentStrip strip) {
    Scale x = Scale.linear(0, Math.max(strip.seconds(), 1e-3), LEFT, RIGHT);
    out.openPicture(
        WIDTH,
        BOTTOM + 36,
        "strip",
        "Units of " + strip.utteranceId() + " over time",
        describe(strip));
    name(out, "waveform", WAVE_MIDDLE);
    wave(out, strip, x);
    name(out, "contextual", CONTEXTUAL + HEIGHT / 2);
    strip.contextual().forEach(segment -> segment(out, segment, "contextual", x, CONTEXTUAL));
    name(out, "phonetic", PHONETIC + HEIGHT / 2);
    strip.phonetic().forEach(segment -> segment(out, segment, "phonetic", x, PHONETIC));
    Axes.horizontal(out, x, BOTTOM, 10, tick -> Numbers.fixed(tick, x.decimals(10)));
    Axes.name(out, x, BOTTOM + 32, "seconds");
    out.close().newLine();
  }

  private static void name(Markup out, String name, double y) {
    out.centered("label end", name, LEFT - 12, y);
  }

  /// The area between the lowest and the highest sample, scaled so that the loudest slice fills the
  /// height.
  private static void wave(Markup out, AlignmentStrip strip, Scale x) {
    float[] envelope = strip.waveformEnvelope();
    int slices = envelope.length / 2;
    double loudest = 1e-6;
    for (float value : envelope) {
      loudest = Math.max(loudest, Math.abs(value));
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < 2 * slices; i++) {
      // Along the highest samples to the right, back along the lowest.
      int slice = i < slices ? i : 2 * slices - 1 - i;
      double value = envelope[2 * slice + (i < slices ? 1 : 0)];
      double at = strip.seconds() * (slice + 0.5) / slices;
      path.append(i == 0 ? 'M' : 'L')
          .append(Numbers.coordinate(x.at(at)))
          .append(' ')
          .append(Numbers.coordinate(WAVE_MIDDLE - WAVE_HALF * finite(value) / loudest));
    }
    out.line("grid", LEFT, WAVE_MIDDLE, RIGHT, WAVE_MIDDLE);
    if (slices > 0) {
      out.empty("path", "class", "wave", "d", path.append('Z'));
    }
  }

  private static void segment(
      Markup out, AlignmentStrip.Segment segment, String stream, Scale x, double y) {
    double start = x.at(Math.clamp(segment.start(), 0, x.high()));
    double end = x.at(Math.clamp(segment.end(), 0, x.high()));
    String id = Integer.toString(segment.unit());
    // Neighbouring ids get hues that are far apart: multiples of the golden angle.
    long hue = Math.round(segment.unit() * 137.50776405003785 % 360);
    out.open("g").leaf("title", tip(segment, stream));
    out.box(
        "unit shade-" + Math.floorMod(segment.unit() / 3, 3),
        "--hue:" + hue,
        start,
        y,
        Math.max(0.4, end - start - 0.8),
        HEIGHT);
    if (end - start > id.length() * DIGIT + 4) {
      out.centered("unit-id middle", id, (start + end) / 2 - 0.4, y + HEIGHT / 2);
    }
    out.close();
  }

  private static String tip(AlignmentStrip.Segment segment, String stream) {
    return "%s unit %d, %s to %s s"
        .formatted(
            stream,
            segment.unit(),
            Numbers.fixed(segment.start(), 2),
            Numbers.fixed(segment.end(), 2));
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }

  private static String describe(AlignmentStrip strip) {
    return "%s seconds with %d contextual and %d phonetic segments. Contextual units: %s."
        .formatted(
            Numbers.fixed(strip.seconds(), 2),
            strip.contextual().size(),
            strip.phonetic().size(),
            ids(strip.contextual()));
  }

  private static String ids(List<AlignmentStrip.Segment> segments) {
    return String.join(
        " ", segments.stream().limit(40).map(s -> Integer.toString(s.unit())).toList());
  }
}
