package org.duovox.io.json;

import java.nio.charset.StandardCharsets;
import org.duovox.DuovoxException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// Refuses what JSON can express and Java would silently change: numbers beyond the range of
/// doubles, and halves of surrogate pairs.
public final class JsonLosses {
  private static final int MANY_DIGITS = 200;

  private JsonLosses() {}

  /// @param mapper that will read the text
  /// @throws DuovoxException (BAD_DATA) with place and key
  static void refuse(String text, JsonMapper mapper, JsonFailure.Source source) {
    if (isSuspect(text)) {
      try (JsonParser tokens = mapper.createParser(text)) {
        refuse(tokens, source);
      }
    }
  }

  /// Whether a text must be tokenized twice: it has the escape of a surrogate, a number with three
  /// digits of exponent, or a row of digits. Every line of an index passes here, so it is scanned
  /// by hand.
  private static boolean isSuspect(String text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      digits = isDigit(c) ? digits + 1 : 0;
      boolean suspect =
          switch (c) {
            case '\\' -> text.regionMatches(true, i + 1, "ud", 0, 2);
            case 'e', 'E' -> hasLargeExponent(text, i);
            default -> digits == MANY_DIGITS;
          };
      if (suspect) {
        return true;
      }
    }
    return false;
  }

  /// Whether an e ends a number, not a sum in hexadecimal, and three digits follow.
  private static boolean hasLargeExponent(String text, int e) {
    int from = text.startsWith("+", e + 1) ? e + 2 : e + 1;
    for (int i = from; i < from + 3; i++) {
      if (i >= text.length() || !isDigit(text.charAt(i))) {
        return false;
      }
    }
    int before = e - 1;
    while (before >= 0 && (isDigit(text.charAt(before)) || text.charAt(before) == '.')) {
      before--;
    }
    return before < 0 || "-:,[ \t\r\n".indexOf(text.charAt(before)) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
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
