package org.duovox.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.FileKind;
import org.duovox.io.TextInput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads YAML into values that remember where they stand, so that every complaint can name file,
/// line and column.
///
/// Duplicate keys, aliases, several documents and deep nesting are refused.
public final class YamlReader {
  private static final int MAX_DEPTH = 16;
  private static final long MAX_BYTES = 1 << 20;

  /// A YAML value and its place.
  public sealed interface Value {
    /// Returns `file:line:column`, or the option that gave the value.
    String place();

    /// Returns what a user would call this kind of value.
    String kind();

    /// Returns YAML that is read as the same value, on one line.
    default String yaml() {
      return switch (this) {
        case Scalar scalar ->
            switch (scalar.type()) {
              case STRING -> quoted(scalar.text());
              case NULL -> "null";
              case INTEGER, DECIMAL, BOOLEAN -> scalar.text();
            };
        case Sequence list ->
            list.items().stream().map(Value::yaml).collect(Collectors.joining(", ", "[", "]"));
        case Mapping mapping ->
            mapping.entries().entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue().value().yaml())
                .collect(Collectors.joining(", ", "{", "}"));
      };
    }

    private static String quoted(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /// A mapping; its keys in the order of the file.
  public record Mapping(LinkedHashMap<String, Entry> entries, String place) implements Value {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /// The place of a key of a mapping, and the value behind it.
  public record Entry(String place, Value value) {}

  /// A list.
  public record Sequence(List<Value> items, String place) implements Value {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /// A plain value.
  ///
  /// @param text as it is written; of a number without `_`
  /// @param type what YAML reads it as
  public record Scalar(String text, Type type, String place) implements Value {
    /// The core types of YAML 1.2.
    public enum Type {
      STRING,
      INTEGER,
      DECIMAL,
      BOOLEAN,
      NULL
    }

    @Override
    public String kind() {
      return switch (type) {
        case STRING -> "the text '" + text + "'";
        case INTEGER, DECIMAL -> "the number " + text;
        case BOOLEAN -> text;
        case NULL -> "nothing";
      };
    }
  }

  private final String source;
  private final JsonParser parser;

  private YamlReader(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /// Reads a file of at most 1 MiB whose top level is a mapping.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_CONFIG) with file, line and column
  public static Mapping read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw DuovoxException.config(file + ": is larger than 1 MiB; this is not a recipe");
      }
      FileKind.requireText(file, "a YAML file");
      return mapping(text(file), file.toString());
    } catch (NoSuchFileException e) {
      throw DuovoxException.missing(file + ": no such recipe");
    } catch (IOException e) {
      throw DuovoxException.io(file.toString(), e);
    }
  }

  private static String text(Path file) {
    try {
      return TextInput.read(file);
    } catch (DuovoxException e) {
      throw e.kind() == Kind.BAD_DATA ? DuovoxException.config(e.getMessage(), e) : e;
    }
  }

  /// Parses text whose top level is a mapping; `source` begins every place.
  static Mapping mapping(String text, String source) {
    Value value = parse(text, source);
    if (value instanceof Mapping mapping) {
      return mapping;
    }
    throw DuovoxException.config(source + ": must hold 'key: value' lines, but is " + value.kind());
  }

  /// Parses text into one value; empty text is null.
  public static Value parse(String text, String source) {
    try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
      YamlReader reader = new YamlReader(source, parser);
      if (parser.nextToken() == null) {
        return new Scalar("", Scalar.Type.NULL, source);
      }
      Value value = reader.value(0);
      if (parser.nextToken() != null) {
        throw DuovoxException.config(reader.here() + ": a second document; a recipe is one");
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place =
          at == null ? source : "%s:%d:%d".formatted(source, at.getLineNr(), at.getColumnNr());
      throw DuovoxException.config(place + ": " + reason(e));
    }
  }

  private static String reason(JacksonException e) {
    return e instanceof StreamConstraintsException
        ? "a number, key or text is too long, or lists are nested too deep"
        : "not valid YAML: "
            // Its own lines; those between show the place, with a blank in front.
            + e.getOriginalMessage()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
  }

  private Value value(int depth) {
    String place = here();
    if (depth > MAX_DEPTH) {
      throw DuovoxException.config(place + ": nested deeper than " + MAX_DEPTH);
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw DuovoxException.config(
          place + ": aliases are not part of a recipe; write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(place, depth);
      case START_ARRAY -> array(place, depth);
      case VALUE_STRING -> new Scalar(text(parser.getString(), place), Scalar.Type.STRING, place);
      case VALUE_NUMBER_INT ->
          new Scalar(parser.getString().replace("_", ""), Scalar.Type.INTEGER, place);
      case VALUE_NUMBER_FLOAT ->
          new Scalar(parser.getString().replace("_", ""), Scalar.Type.DECIMAL, place);
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(parser.getString(), Scalar.Type.BOOLEAN, place);
      case VALUE_NULL -> new Scalar("", Scalar.Type.NULL, place);
      default -> throw DuovoxException.config(place + ": not a plain value");
    };
  }

  private static String text(String text, String place) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw DuovoxException.config(
          place + ": holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no text");
    }
    return text;
  }

  private Mapping object(String place, int depth) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String at = here();
      String key = text(parser.currentName(), at);
      parser.nextToken();
      if (entries.putIfAbsent(key, new Entry(at, value(depth + 1))) != null) {
        throw DuovoxException.config(at + ": '" + key + "' is given twice");
      }
    }
    return new Mapping(entries, place);
  }

  private Sequence array(String place, int depth) {
    List<Value> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(depth + 1));
    }
    return new Sequence(List.copyOf(items), place);
  }

  private String here() {
    TokenStreamLocation at = parser.currentTokenLocation();
    return "%s:%d:%d".formatted(source, at.getLineNr(), at.getColumnNr());
  }
}
