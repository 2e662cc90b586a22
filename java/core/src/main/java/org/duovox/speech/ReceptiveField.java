package org.duovox.speech;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.duovox.DuovoxException;
import tools.jackson.databind.JsonNode;

/// The receptive field of a frame: how far before and after its center the audio lies that the
/// frame is computed from.
///
/// Statistics over an utterance (its mean, its maximum) are no part of it. In JSON a number of
/// milliseconds around the center, half of them on either side; or `[before, after]`, where null is
/// without bound; or `"utterance"` for both.
///
/// @param beforeMs milliseconds before the center, or infinity
/// @param afterMs milliseconds after the center, or infinity
public record ReceptiveField(double beforeMs, double afterMs) {
  /// The whole utterance, as attention sees it.
  public static final ReceptiveField UTTERANCE =
      new ReceptiveField(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private static final String WHOLE = "utterance";
  private static final double SAMPLES_PER_MS = Encoder.SAMPLE_RATE / 1000.0;

  public ReceptiveField {
    if (!(beforeMs >= 0 && afterMs >= 0)) {
      throw DuovoxException.badData(
          "receptive_field_ms must be milliseconds from 0 on, but is %s before and %s after"
              .formatted(beforeMs, afterMs));
    }
  }

  /// Returns a field of so many milliseconds around the center.
  public static ReceptiveField around(double ms) {
    return new ReceptiveField(ms / 2, ms / 2);
  }

  /// Returns a field of so many samples around the center.
  public static ReceptiveField ofSamples(double samples) {
    return around(samples / SAMPLES_PER_MS);
  }

  /// Returns the field of frames computed from these frames: so many milliseconds more.
  public ReceptiveField plus(double before, double after) {
    return new ReceptiveField(beforeMs + before, afterMs + after);
  }

  /// Whether it ends on both sides.
  public boolean isBounded() {
    return Double.isFinite(beforeMs) && Double.isFinite(afterMs);
  }

  /// Returns the width in milliseconds; infinity when it is not bounded.
  public double widthMs() {
    return beforeMs + afterMs;
  }

  /// The field in words, such as `775 ms`.
  public String text() {
    if (equals(UTTERANCE)) {
      return "the whole utterance";
    }
    return beforeMs == afterMs
        ? ms(widthMs())
        : "%s before and %s after its center".formatted(side(beforeMs), side(afterMs));
  }

  private static String side(double ms) {
    return Double.isFinite(ms) ? ms(ms) : "everything";
  }

  private static String ms(double ms) {
    return String.format(Locale.ROOT, ms == Math.rint(ms) ? "%.0f ms" : "%.1f ms", ms);
  }

  @JsonValue
  Object json() {
    if (equals(UTTERANCE)) {
      return WHOLE;
    }
    return beforeMs == afterMs ? widthMs() : Arrays.asList(bound(beforeMs), bound(afterMs));
  }

  private static Double bound(double ms) {
    return Double.isFinite(ms) ? ms : null;
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ReceptiveField of(JsonNode json) {
    if (json.isNumber()) {
      return around(json.asDouble());
    }
    if (json.isString() && json.asString().equals(WHOLE)) {
      return UTTERANCE;
    }
    if (!json.isArray() || json.size() != 2) {
      throw wrong(json);
    }
    return new ReceptiveField(side(json, 0), side(json, 1));
  }

  private static double side(JsonNode json, int index) {
    JsonNode side = json.get(index);
    if (!side.isNumber() && !side.isNull()) {
      throw wrong(json);
    }
    return side.isNull() ? Double.POSITIVE_INFINITY : side.asDouble();
  }

  private static DuovoxException wrong(JsonNode json) {
    return DuovoxException.badData(
        "receptive_field_ms must be a number of milliseconds, [before, after] or \"%s\", but is %s"
            .formatted(WHOLE, json));
  }
}
