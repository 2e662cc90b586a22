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
import org.duovox.config.Located.Entry;
import org.duovox.config.Located.Mapping;
import org.duovox.config.Located.Scalar;
import org.duovox.config.Located.Sequence;
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

/// Reads YAML into located values; duplicate keys, aliases, several documents and deep nesting are
/// refused.
public final class YamlReader {
  private static final int MAX_DEPTH = 16;
  private static final long MAX_BYTES = 1 << 20;

  private final String source;
  private final JsonParser parser;

  private YamlReader(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /// Reads a file of at most 1 MiB whose top level is a mapping.
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
    Located value = parse(text, source);
    if (value instanceof Mapping mapping) {
      return mapping;
    }
    throw DuovoxException.config(source + ": must hold 'key: value' lines, but is " + value.kind());
  }

  /// Parses text into one value.
  static Located parse(String text, String source) {
    try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
      YamlReader reader = new YamlReader(source, parser);
      if (parser.nextToken() == null) {
        return new Scalar("", Scalar.Type.NULL, source);
      }
      Located value = reader.value(0);
      if (parser.nextToken() != null) {
        throw DuovoxException.config(reader.here() + ": a second document; a recipe is one");
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? source : "%s:%d:%d".formatted(source, at.getLineNr(), at.getColumnNr());
      throw DuovoxException.config(where + ": " + reason(e));
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

  private Located value(int depth) {
    String where = here();
    if (depth > MAX_DEPTH) {
      throw DuovoxException.config(where + ": nested deeper than " + MAX_DEPTH);
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw DuovoxException.config(
          where + ": aliases are not part of a recipe; write the value out");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(where, depth);
      case START_ARRAY -> array(where, depth);
      case VALUE_STRING -> new Scalar(text(parser.getString(), where), Scalar.Type.STRING, where);
      case VALUE_NUMBER_INT ->
          new Scalar(parser.getString().replace("_", ""), Scalar.Type.INTEGER, where);
      case VALUE_NUMBER_FLOAT ->
          new Scalar(parser.getString().replace("_", ""), Scalar.Type.DECIMAL, where);
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(parser.getString(), Scalar.Type.BOOLEAN, where);
      case VALUE_NULL -> new Scalar("", Scalar.Type.NULL, where);
      default -> throw DuovoxException.config(where + ": not a plain value");
    };
  }

  private static String text(String text, String where) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw DuovoxException.config(
          where + ": holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no text");
    }
    return text;
  }

  private Mapping object(String where, int depth) {
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String at = here();
      String key = text(parser.currentName(), at);
      parser.nextToken();
      if (entries.putIfAbsent(key, new Entry(at, value(depth + 1))) != null) {
        throw DuovoxException.config(at + ": '" + key + "' is given twice");
      }
    }
    return new Mapping(entries, where);
  }

  private Sequence array(String where, int depth) {
    List<Located> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(depth + 1));
    }
    return new Sequence(List.copyOf(items), where);
  }

  private String here() {
    TokenStreamLocation at = parser.currentTokenLocation();
    return "%s:%d:%d".formatted(source, at.getLineNr(), at.getColumnNr());
  }
}
