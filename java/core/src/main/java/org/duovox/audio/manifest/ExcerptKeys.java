package org.duovox.audio.manifest;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.Decimals;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys of a `.jsonl` manifest that say which part of a file an utterance is: those that are
/// understood, and those of other tools that are refused because reading past them would give other
/// audio than they mean.
final class ExcerptKeys {
  // 115 days; nothing that is meant lies beyond.
  private static final double MOST_SECONDS = 1e7;
  private static final int MOST_CHANNELS = 1024;
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?");
  private static final Pattern TIME_TEXT =
      Pattern.compile("[-+]?[0-9.][0-9.,:]*(e[-+]?[0-9]+)? ?(s|ms|sec)?");
  private static final List<String> RATES = List.of("sampling_rate", "sample_rate");

  private static final String SEGMENT =
      "write segments with 'offset' and 'duration' in seconds; rename the key if it is only a label";

  /// What to do with a transcript in parts.
  static final String LINE_FOR_EACH =
      "Duovox reads one utterance per line: write a .jsonl line for each part, with audio_filepath,"
          + " offset (start) and duration (end - start) in seconds, and its text";

  private static final String LHOTSE =
      "lhotse's cuts and recordings are not read; write lines with audio_filepath, offset, duration"
          + " (and channel)";
  // Refused whatever their value is; and those that may be labels, when it is a number or several.
  private static final Map<String, String> REFUSED = refused();
  private static final Set<String> TIMES =
      Set.of(
          "from",
          "to",
          "seek",
          "stop",
          "tmin",
          "tmax",
          "t0",
          "t1",
          "frameoffset",
          "audiooffset",
          "audiostart",
          "audioend",
          "speed",
          "tempo");
  private static final Pattern TIME =
      Pattern.compile("(segment|timestamp|start|stop|end|begin|onset|offset).*");
  // Transcripts in parts: of Whisper, of its port to transformers, of dialogues.
  private static final Pattern PARTS =
      Pattern.compile("segments?|chunks?|utterances|turns|wordsegments");
  private static final Set<String> LENGTHS = Set.of("numframes", "frames", "numsamples");
  private static final Set<String> UNDERSTOOD = Set.of("offset", "duration", "channel");

  private ExcerptKeys() {}

  private static Map<String, String> refused() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String key :
        Set.of("recording", "recordings", "supervisions", "sources", "tracks", "cuts")) {
      keys.put(key, LHOTSE);
    }
    for (String key : List.of("channel_id", "channel_ids", "channel_selector")) {
      keys.put(
          plain(key),
          "write 'channel' with one number from 0 on; without it channels are averaged");
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
    line.forEachEntry((key, value) -> {
      if (!value.isNull() && REFUSED.containsKey(plain(key))) {
        throw refused(key, REFUSED.get(plain(key)), where);
      }
    });
    boolean part = has(line, "offset");
    line.forEachEntry((key, value) -> {
      if (isTranscript(key, value)) {
        throw DuovoxException.badData(
            "%s: the key '%s' holds parts with times, as transcripts of Whisper do; %s, rename the key if it is only a label"
                .formatted(where, key, LINE_FOR_EACH));
      }
      if (!UNDERSTOOD.contains(key) && isTimes(value)) {
        requireLabel(key, part, where);
      }
    });
  }

  /// Whether a value is the parts of a transcript: objects with times among other things.
  static boolean isTranscript(String key, JsonNode value) {
    return PARTS.matcher(plain(key)).matches()
        && (value.isArray() || value.isObject())
        && value.valueStream().anyMatch(ExcerptKeys::hasTimes);
  }

  private static boolean hasTimes(JsonNode part) {
    return part.isObject()
        && part.propertyStream()
            .anyMatch(entry -> isTime(plain(entry.getKey())) && isTimes(entry.getValue()));
  }

  private static boolean isTime(String plain) {
    return TIMES.contains(plain) || TIME.matcher(plain).matches();
  }

  private static void requireLabel(String key, boolean part, String where) {
    String plain = plain(key);
    if (UNDERSTOOD.contains(plain)) {
      throw refused(key, "write it '" + plain + "'", where);
    }
    if (isTime(plain) || (part && LENGTHS.contains(plain))) {
      throw refused(key, SEGMENT, where);
    }
  }

  private static DuovoxException refused(String key, String what, String where) {
    return DuovoxException.badData(
        "%s: the key '%s' would change what is read and is not understood: %s"
            .formatted(where, key, what));
  }

  /// Whether a value is a number, a text such as `1.5`, `90 ms` or `0:01:30`, or holds nothing
  /// else.
  private static boolean isTimes(JsonNode value) {
    return value.isNumber()
        || (value.isString() && TIME_TEXT.matcher(value.stringValue().strip()).matches())
        || ((value.isArray() || value.isObject())
            && !value.isEmpty()
            && value.valueStream().allMatch(ExcerptKeys::isTimes));
  }

  /// A key as other tools may spell it: without case, underscores, hyphens and blanks.
  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
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
    } else if (value.isString() && NUMBER.matcher(value.stringValue()).matches()) {
      seconds = Decimals.parse(value.stringValue()).orElse(Double.NaN);
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
