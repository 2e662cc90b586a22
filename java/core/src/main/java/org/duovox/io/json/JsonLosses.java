package org.duovox.io.json;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Refuses what JSON can express and Java would silently change: numbers beyond the range of
/// doubles, and halves of surrogate pairs.
public final class JsonLosses {
  // Only texts with such an escape, exponent or row of digits are tokenized twice.
  private static final Pattern SUSPECT =
      Pattern.compile(
          "\\\\u[dD][89a-fA-F]|"
              + "(?:^|[:,\\[\\s])-?(?:[0-9]{200}|[0-9]++(?:\\.[0-9]++)?[eE]\\+?[0-9]{3})");

  private JsonLosses() {}

  /// @param mapper that will read the text
  /// @throws DuovoxException (BAD_DATA) with place and key
  static void refuse(String text, JsonMapper mapper, JsonFailure.Source source) {
    if (SUSPECT.matcher(text).find()) {
      try (JsonParser tokens = mapper.createParser(text)) {
        refuse(tokens, source);
      }
    }
  }

  private static void refuse(JsonParser tokens, JsonFailure.Source source) {
    for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
      String loss = loss(token, tokens);
      if (loss != null) {
        String place = source.at(tokens.currentTokenLocation());
        throw DuovoxException.badData("%s: %s %s".formatted(place, key(tokens), loss));
      }
    }
  }

  private static String loss(JsonToken token, JsonParser parser) {
    if (token.isNumeric() && !Double.isFinite(parser.getDoubleValue())) {
      return "is a number beyond those that a double can hold (1.8e308); write it as text";
    }
    boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME;
    if (text && !isText(parser.getString())) {
      return "holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no text; write both"
          + " halves or another character";
    }
    return null;
  }

  /// Whether characters are text: without a surrogate that has lost its other half.
  public static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static String key(JsonParser parser) {
    String path = parser.streamReadContext().pathAsPointer().toString();
    return path.isEmpty() || !isText(path) ? "the JSON" : "\"" + path.substring(1) + "\"";
  }
}
