package org.duovox.audio;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.duovox.DuovoxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys of a `.jsonl` manifest that say which part of a file an utterance is: those that are
/// understood, and those of other tools that are refused because reading past them would give other
/// audio than they mean.
final class ExcerptKeys {
  // 115 days; nothing that is meant lies beyond.
  private static final double MOST_SECONDS = 1e7;
  private static final int MOST_CHANNELS = 1024;
  private static final List<String> RATES = List.of("sampling_rate", "sample_rate");

  private static final String SEGMENT =
      "write segments with 'offset' and 'duration' in seconds; rename the key if it is only a label";
  private static final String LHOTSE =
      "lhotse's cuts and recordings are not read; write lines with audio_filepath, offset, duration"
          + " (and channel)";
  private static final Map<String, String> REFUSED = refused();

  private ExcerptKeys() {}

  private static Map<String, String> refused() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String key :
        Set.of("recording", "recordings", "supervisions", "sources", "tracks", "cuts")) {
      keys.put(key, LHOTSE);
    }
    for (String key :
        List.of(
            "start",
            "end",
            "stop",
            "begin",
            "start_time",
            "end_time",
            "begin_time",
            "stop_time",
            "start_sec",
            "end_sec",
            "start_seconds",
            "end_seconds",
            "start_s",
            "end_s",
            "start_ms",
            "end_ms",
            "offset_ms",
            "onset",
            "start_sample",
            "end_sample",
            "start_frame",
            "end_frame",
            "frame_offset",
            "audio_offset",
            "audio_start",
            "audio_end",
            "begin_sec")) {
      keys.put(key, SEGMENT);
    }
    for (String key : List.of("channel_id", "channel_ids", "channel_selector")) {
      keys.put(key, "write 'channel' with one number from 0 on; without it channels are averaged");
    }
    return keys;
  }

  /// The excerpt that a line means.
  ///
  /// @param where file and line
  /// @throws DuovoxException (BAD_DATA) for a value that cannot be and for a key that would change
  ///   what is read and is not understood
  static Excerpt read(ObjectNode line, String where) {
    requireUnderstood(line, where);
    Optional<BigDecimal> offset = seconds(line, "offset", where);
    Optional<BigDecimal> duration = seconds(line, "duration", where);
    if (duration.isPresent() && duration.get().signum() == 0) {
      throw bad(line, "duration", "must be above 0 seconds", where);
    }
    OptionalInt channel = number(line, "channel", 0, MOST_CHANNELS - 1, where);
    return new Excerpt(
        offset,
        duration,
        channel,
        rate(line, where),
        number(line, "channels", 1, MOST_CHANNELS, where).orElse(0));
  }

  /// Refuses a line with a key that would change what is read and is not understood.
  static void requireUnderstood(ObjectNode line, String where) {
    REFUSED.forEach((key, what) -> {
      if (has(line, key)) {
        throw DuovoxException.badData(
            "%s: the key '%s' would change what is read and is not understood: %s"
                .formatted(where, key, what));
      }
    });
  }

  private static int rate(ObjectNode line, String where) {
    int rate = 0;
    for (String key : RATES) {
      int given = number(line, key, 1, Integer.MAX_VALUE, where).orElse(rate);
      if (rate != 0 && given != rate) {
        throw bad(line, key, "differs from 'sampling_rate'", where);
      }
      rate = given;
    }
    return rate;
  }

  private static boolean has(ObjectNode line, String key) {
    return line.has(key) && !line.get(key).isNull();
  }

  private static Optional<BigDecimal> seconds(ObjectNode line, String key, String where) {
    if (!has(line, key)) {
      return Optional.empty();
    }
    JsonNode value = line.get(key);
    double seconds = Double.NaN;
    if (value.isNumber()) {
      seconds = value.doubleValue();
    } else if (value.isString() && value.stringValue().matches("[-+]?[0-9]+(\\.[0-9]*)?")) {
      seconds = Double.parseDouble(value.stringValue());
    }
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw bad(line, key, "must be seconds from 0 to 10000000", where);
    }
    // By the shortest text of the double: 0.1 is a tenth.
    BigDecimal exact = BigDecimal.valueOf(seconds);
    return Optional.of(value.isIntegralNumber() ? exact.setScale(0) : exact);
  }

  private static OptionalInt number(
      ObjectNode line, String key, int least, int most, String where) {
    if (!has(line, key)) {
      return OptionalInt.empty();
    }
    JsonNode value = line.get(key);
    boolean whole = value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    if (!whole || value.doubleValue() < least || value.doubleValue() > most) {
      throw bad(
          line,
          key,
          "must be one whole number from %d to %d; rename the key if it is only a label"
              .formatted(least, most),
          where);
    }
    return OptionalInt.of((int) value.doubleValue());
  }

  private static DuovoxException bad(ObjectNode line, String key, String what, String where) {
    return DuovoxException.badData(
        "%s: %s is %s, but %s".formatted(where, key, line.get(key), what));
  }
}
