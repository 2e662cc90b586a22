package org.duovox.io.json;

import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.io.Suggestions;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// Describes errors in JSON in plain words; those of Jackson name its classes and switches.
public final class JsonFailure {
  private static final Pattern MISSING = Pattern.compile("required creator property '([^']*)'");
  private static final Pattern QUOTED = Pattern.compile("['\"](.{1,60})['\"]", Pattern.DOTALL);

  // By how a message of the parser begins; %s is what it met.
  private static final Map<String, String> SYNTAX =
      Map.of(
          "Unexpected character",
          "unexpected character%s; look for a quote, comma or bracket that is missing or too many",
          "Unrecognized token",
          "unexpected word%s; texts stand in double quotes",
          "Duplicate",
          "duplicate key%s; every key may stand once",
          "Non-standard token",
          "JSON has no NaN and no infinite numbers; write null, or leave the key out",
          "Illegal unquoted",
          "a line break or control character within a text; write it as \\n, \\t or \\u001F",
          "Unrecognized character escape",
          "a backslash before%s means nothing; write \\\\ for a backslash",
          "Invalid numeric",
          "not a number as JSON writes it: no + before it, no 0 too many, digits around the point");

  private JsonFailure() {}

  /// Where JSON text comes from: what begins the message of an error.
  ///
  /// @param where a file, or `file:line`
  /// @param line whether it is `file:line`, of a file of one value per line
  record Source(String where, boolean line) {

    /// `file:line:column`, as far as the place is known.
    String at(TokenStreamLocation place) {
      if (place == null || place.getLineNr() <= 0) {
        return where;
      }
      return where + (line ? "" : ":" + place.getLineNr()) + ":" + place.getColumnNr();
    }
  }

  /// Turns an error of Jackson into one with the place, what is wrong and the nearest known key.
  /// Errors about keys of records carry no place, for which `again` reads the same text once more.
  static DuovoxException of(Source source, JacksonException e, JsonParser again) {
    boolean placed = e.getLocation() != null && e.getLocation().getLineNr() > 0;
    String place = source.at(placed ? e.getLocation() : locate(e, again));
    return DuovoxException.badData(place + ": " + describe(e), e);
  }

  /// Where the innermost key or index of an error's path stands.
  private static TokenStreamLocation locate(JacksonException e, JsonParser parser) {
    StringBuilder wanted = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      wanted.append('/');
      wanted.append(name == null ? step.getIndex() : name.replace("~", "~0").replace("/", "~1"));
    }
    try {
      while (parser.nextToken() != null) {
        if (parser.streamReadContext().pathAsPointer().toString().contentEquals(wanted)) {
          return parser.currentTokenLocation();
        }
      }
    } catch (JacksonException unreadable) { // The first error is the one to tell.
      return parser.currentLocation();
    }
    return null;
  }

  /// Returns what is wrong, without a place.
  public static String describe(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknownKey(unknown);
      case StreamConstraintsException limit -> limit(message);
      case UnexpectedEndOfInputException end ->
          "ends too early: an object, a list or a text is not closed";
      case InputCoercionException number -> key(e) + " must be " + wanted(number.getTargetType());
      case StreamReadException syntax -> syntax(message);
      case ValueInstantiationException refused
          when refused.getCause() != null && refused.getCause().getMessage() != null ->
          refused.getCause().getMessage();
      case MismatchedInputException mismatch -> mismatch(mismatch, message);
      default -> "is not the JSON that belongs here";
    };
  }

  private static String unknownKey(UnrecognizedPropertyException unknown) {
    Collection<Object> known = unknown.getKnownPropertyIds();
    Collection<String> names =
        known == null
            ? List.of()
            : known.stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
    String name = unknown.getPropertyName();
    return Suggestions.nearest(name, names)
        .map(nearest -> "unknown key \"" + name + "\"; did you mean \"" + nearest + "\"?")
        .orElse("unknown key \"" + name + "\"; known are " + String.join(", ", names));
  }

  private static String limit(String message) {
    if (message.contains("depth")) {
      return "lists and objects are nested too deep";
    }
    return message.contains("Number")
        ? "a number has too many digits"
        : "a key or a text is too long";
  }

  private static String syntax(String message) {
    if (message.contains("surrogate")) {
      return "half of a surrogate pair, which is no text";
    }
    return SYNTAX.entrySet().stream()
        .filter(entry -> message.startsWith(entry.getKey()))
        .map(entry -> entry.getValue().formatted(met(message)))
        .findFirst()
        .orElse("not valid JSON");
  }

  /// What a message quotes first.
  private static String met(String message) {
    Matcher quoted = QUOTED.matcher(message);
    return quoted.find() ? " '" + quoted.group(1).replaceAll("\\p{Cntrl}", "?") + "'" : "";
  }

  private static String mismatch(MismatchedInputException e, String message) {
    Matcher missing = MISSING.matcher(message);
    if (missing.find()) {
      return "key \"" + missing.group(1) + "\" is missing";
    }
    if (message.startsWith("Trailing token")) {
      return "something follows the JSON value; there must be one only";
    }
    if (message.startsWith("No content")) {
      return "is empty; it must hold a JSON value";
    }
    String found =
        e instanceof InvalidFormatException invalid
            ? ", but is \"" + invalid.getValue() + "\""
            : "";
    return key(e) + " must be " + wanted(e.getTargetType()) + found;
  }

  private static String key(JacksonException e) {
    StringBuilder key = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      String name = step.getPropertyName();
      key.append(name == null ? "[" + step.getIndex() + "]" : (key.isEmpty() ? "" : ".") + name);
    }
    return key.isEmpty() ? "the value" : "key \"" + key + "\"";
  }

  private static String wanted(Class<?> type) {
    if (type == null) {
      return "of another kind";
    }
    Class<?> wanted = MethodType.methodType(type).wrap().returnType();
    if (wanted.isEnum()) {
      return Arrays.stream(wanted.getEnumConstants())
          .map(Json::line)
          .collect(Collectors.joining(" or "));
    }
    if (wanted == Integer.class || wanted == Long.class) {
      return "a whole number of at most " + (wanted == Long.class ? "64" : "32") + " bits";
    }
    if (Number.class.isAssignableFrom(wanted)) {
      return "a number";
    }
    if (wanted == Boolean.class) {
      return "true or false";
    }
    if (wanted == String.class) {
      return "text in double quotes";
    }
    return wanted.isArray() || Collection.class.isAssignableFrom(wanted) ? "a list" : "an object";
  }
}
