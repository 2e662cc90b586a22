package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;

/// Reads fields from file names: `{digit}_{speaker}_{index}` finds digit, speaker and index in
/// `7_jackson_32`.
///
/// A field is one or more characters without `/`, as few as fit; everything else stands for itself.
record FileNamePattern(String text, Pattern regex, List<String> fields) {
  private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)}");

  /// Compiles a pattern; at least one field, none twice.
  static FileNamePattern of(String text) {
    Matcher field = FIELD.matcher(text);
    StringBuilder regex = new StringBuilder();
    List<String> fields = new ArrayList<>();
    int end = 0;
    while (field.find()) {
      if (fields.contains(field.group(1))) {
        throw DuovoxException.config(
            "data.pattern '%s': {%s} stands twice".formatted(text, field.group(1)));
      }
      fields.add(field.group(1));
      regex
          .append(Pattern.quote(text.substring(end, field.start())))
          .append("(?<")
          .append(field.group(1))
          .append(">[^/]+?)");
      end = field.end();
    }
    if (fields.isEmpty()) {
      throw DuovoxException.config(
          "data.pattern '%s' has no field; write e.g. {digit}_{speaker}_{index}".formatted(text));
    }
    regex.append(Pattern.quote(text.substring(end)));
    return new FileNamePattern(text, Pattern.compile(regex.toString()), List.copyOf(fields));
  }

  /// The fields of an utterance's id (its path without extension), by its last part unless the
  /// pattern has a `/`; empty when it does not fit.
  Optional<Map<String, String>> read(String id) {
    String name = text.contains("/") ? id : id.substring(id.lastIndexOf('/') + 1);
    Matcher matcher = regex.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    fields.forEach(field -> values.put(field, matcher.group(field)));
    return Optional.of(values);
  }
}
