package org.duovox.exchange;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.TextLines;
import org.duovox.io.json.Json;
import org.duovox.units.UtteranceInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Units as JSON objects, one per line, as slamkit and textlesslib write them and as `duovox
/// export` does.
///
/// `units` is a list of numbers (or their text, separated by spaces; slamkit's `audio_repr` of
/// `<Un3><Un49>` will do too). With `durations` (or a list `duration`) every unit stands for so
/// many frames, without for one. The id is `id`, or `file_name` without its extension. `samples`,
/// `audio_sha256` and `fields` are those of Duovox; other keys become fields.
public final class JsonlUnits implements UnitReader {
  /// The field that keeps a file name from which the id was made.
  public static final String FILE_NAME = "file_name";

  private static final Pattern TOKEN = Pattern.compile("<Un([0-9]{1,9})>");
  // A frame count beyond this is no utterance: 11 days at 50 Hz.
  private static final int MOST_FRAMES = 50_000_000;

  private final Path file;
  private final PathRules rules;

  public JsonlUnits(Path file) {
    this(file, PathRules.STRICT);
  }

  /// @param rules which paths `file_name` may be
  public JsonlUnits(Path file, PathRules rules) {
    this.file = file;
    this.rules = rules;
  }

  @Override
  public void read(Sink sink) {
    // A JSON object that was cut off is no JSON object, so its line need not end with a line feed.
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        ObjectNode object = Json.parseLine(line, ObjectNode.class, lines.where());
        accept(object, Json.texts(line), lines.where(), sink);
      }
    }
  }

  /// @param texts of the object's members
  private void accept(ObjectNode object, Map<String, String> texts, String where, Sink sink) {
    int[] units = units(object, where);
    JsonNode durations = durations(object);
    if (durations != null) {
      units = expanded(units, numbers(durations, "durations", where), where);
    }
    Map<String, String> fields = fields(object, texts, where);
    String id = id(object, fields, where);
    long samples = samples(object, where);
    String sum = audioSum(object, where);
    object.forEachEntry((key, value) -> {
      if (!value.isNull()) {
        fields.putIfAbsent(key, texts.get(key));
      }
    });
    sink.accept(new UtteranceInfo(id, units.length, samples, fields, sum), units, where);
  }

  private static long samples(ObjectNode object, String where) {
    JsonNode samples = object.remove("samples");
    if (samples != null && (!samples.isIntegralNumber() || samples.asLong(-1) < 0)) {
      throw DuovoxException.badData(where + ": samples is " + samples + ", not a whole number");
    }
    return samples == null ? 0 : samples.longValue();
  }

  private static String audioSum(ObjectNode object, String where) {
    JsonNode sum = object.remove("audio_sha256");
    if (sum != null && !(sum.isString() && sum.stringValue().matches("|[0-9a-f]{64}"))) {
      throw DuovoxException.badData(where + ": audio_sha256 is no SHA-256 sum");
    }
    return sum == null ? "" : sum.stringValue();
  }

  private String id(ObjectNode object, Map<String, String> fields, String where) {
    JsonNode id = object.remove("id");
    JsonNode name = object.remove(FILE_NAME);
    boolean text = (id == null || id.isString()) && (name == null || name.isString());
    if (!text || (id == null && name == null)) {
      throw DuovoxException.badData(where + ": needs a text 'id' or 'file_name'");
    }
    String given =
        id == null
            ? UtteranceIds.ofPath(file.resolveSibling(""), name.stringValue(), rules, where)
            : UtteranceIds.require(id.stringValue(), where);
    if (name != null && !name.stringValue().equals(given)) {
      fields.put(FILE_NAME, name.stringValue());
    }
    return given;
  }

  private static Map<String, String> fields(
      ObjectNode object, Map<String, String> texts, String where) {
    JsonNode given = object.remove("fields");
    if (given == null) {
      return new TreeMap<>();
    }
    if (!given.isObject()) {
      throw DuovoxException.badData(where + ": fields is no object");
    }
    return new TreeMap<>(Json.texts(texts.get("fields")));
  }

  private static int[] units(ObjectNode object, String where) {
    JsonNode units = object.remove("units");
    if (units != null && units.isArray()) {
      object.remove("audio_repr"); // The same units once more.
      return numbers(units, "units", where);
    }
    if (units != null && units.isString()) {
      return UnitText.parse(units.stringValue(), ' ', where);
    }
    JsonNode tokens = object.get("audio_repr");
    if (units == null && tokens != null && tokens.isString()) {
      return tokens(object.remove("audio_repr").stringValue(), where);
    }
    throw DuovoxException.badData(where + ": needs 'units', a list of whole numbers");
  }

  private static int[] tokens(String text, String where) {
    Matcher matcher = TOKEN.matcher(text);
    if (!text.matches("(" + TOKEN.pattern() + "){0,100000}")) {
      throw DuovoxException.badData(where + ": audio_repr is not a row of <UnN>");
    }
    StringBuilder units = new StringBuilder();
    while (matcher.find()) {
      units.append(matcher.group(1)).append(' ');
    }
    return UnitText.parse(units.toString(), ' ', where);
  }

  /// Run lengths; a single number under `duration` is the length of the audio and stays a field.
  private static JsonNode durations(ObjectNode object) {
    JsonNode durations = object.remove("durations");
    boolean list = object.get("duration") != null && object.get("duration").isArray();
    JsonNode other = list ? object.remove("duration") : null;
    return durations == null ? other : durations;
  }

  private static int[] numbers(JsonNode list, String key, String where) {
    if (!list.isArray() || list.isEmpty()) {
      throw DuovoxException.badData(where + ": " + key + " must be a list that is not empty");
    }
    int[] numbers = new int[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode value = list.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
        throw DuovoxException.badData(
            "%s: %s[%d] is %s, not a whole number from 0 on".formatted(where, key, i, value));
      }
      numbers[i] = value.intValue();
    }
    return numbers;
  }

  private static int[] expanded(int[] units, int[] durations, String where) {
    if (units.length != durations.length) {
      throw DuovoxException.badData(
          "%s: %d units, but %d durations".formatted(where, units.length, durations.length));
    }
    long frames = 0;
    for (int i = 0; i < durations.length; i++) {
      frames += durations[i];
      if (durations[i] < 1 || frames > MOST_FRAMES) {
        throw DuovoxException.badData(
            "%s: durations[%d] is %d; every unit lasts at least a frame, all together at most %d"
                .formatted(where, i, durations[i], MOST_FRAMES));
      }
    }
    int[] expanded = new int[(int) frames];
    int at = 0;
    for (int i = 0; i < units.length; i++) {
      java.util.Arrays.fill(expanded, at, at + durations[i], units[i]);
      at += durations[i];
    }
    return expanded;
  }

  @Override
  public OptionalInt vocabulary() {
    return OptionalInt.empty();
  }

  @Override
  public Map<String, String> source() {
    return Map.of("format", "jsonl");
  }
}
