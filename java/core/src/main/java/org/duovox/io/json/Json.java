package org.duovox.io.json;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.FileKind;
import org.duovox.io.TextInput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/// Strict JSON: unknown and duplicate keys, missing numbers, wrong types and trailing text are
/// refused with file, line and column. So are numbers beyond the range of doubles and halves of
/// surrogate pairs.
///
/// Records are read and written with snake_case keys in the order of their components, maps sorted
/// by key, so that equal values give equal bytes. A primitive component must be there and refuses
/// `null`; a component of another type is `null` when it is missing, and its record decides. NaN
/// and infinities are written as `null`, so values that may be undefined are declared as `Double`.
/// Files are UTF-8, at most 256 MiB.
public final class Json {
  private static final long MAX_BYTES = 256L << 20;
  private static final JsonMapper MAPPER = StrictMapper.create();
  private static final JsonMapper LENIENT =
      MAPPER.rebuild().annotationIntrospector(new JacksonAnnotationIntrospector()).build();
  private static final JsonMapper PRETTY =
      MAPPER.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  /// Reads a whole file as one value.
  public static <T> T read(Path file, Class<T> type) {
    return parse(text(file), type, file.toString());
  }

  /// Reads a file of one value per line; blank lines are passed over.
  public static <T> List<T> lines(Path file, Class<T> type) {
    return lines(TextInput.read(file), type, file);
  }

  /// Parses a text of one value per line.
  ///
  /// @param file it is of, for messages
  public static <T> List<T> lines(String text, Class<T> type, Path file) {
    List<T> values = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        values.add(parseLine(line, type, file + ":" + number));
      }
    }
    return values;
  }

  /// Parses text; `where` (a file) begins the message of an error.
  public static <T> T parse(String text, Class<T> type, String where) {
    return parse(text, type, new JsonFailure.Source(where, false));
  }

  /// Parses one line of a file of one value per line; `where` is `file:line`.
  public static <T> T parseLine(String line, Class<T> type, String where) {
    return parse(line, type, new JsonFailure.Source(where, true));
  }

  private static <T> T parse(String text, Class<T> type, JsonFailure.Source source) {
    try {
      JsonLosses.refuse(text, MAPPER, source);
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw DuovoxException.badData(
            source.where() + ": is null or empty; it must hold a JSON value");
      }
      return value;
    } catch (JacksonException e) {
      JacksonException first = preferUnknownKey(text, type, e);
      try (JsonParser again = MAPPER.createParser(text)) {
        throw JsonFailure.of(source, first, again);
      }
    }
  }

  /// The members of an object as texts, in its order: a string is its characters, any other value
  /// its JSON on one line, with numbers as they are written.
  ///
  /// @param object that could be parsed
  public static Map<String, String> texts(String object) {
    Map<String, String> texts = new LinkedHashMap<>();
    try (JsonParser parser = MAPPER.createParser(object)) {
      parser.nextToken();
      for (String key = parser.nextName(); key != null; key = parser.nextName()) {
        boolean string = parser.nextToken() == JsonToken.VALUE_STRING;
        texts.put(key, string ? parser.getString() : verbatim(parser));
      }
    }
    return texts;
  }

  private static String verbatim(JsonParser parser) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = MAPPER.createGenerator(text)) {
      for (int depth = 0; ; parser.nextToken()) {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token.isNumeric()) {
          generator.writeNumber(parser.getString());
        } else {
          generator.copyCurrentEvent(parser);
        }
        if (depth == 0) {
          break;
        }
      }
    }
    return text.toString();
  }

  /// A mistyped key is reported as such, not as the absence of the right one.
  private static JacksonException preferUnknownKey(
      String text, Class<?> type, JacksonException failure) {
    try {
      LENIENT.readValue(text, type);
    } catch (UnrecognizedPropertyException unknown) {
      return unknown;
    } catch (JacksonException same) {
      // Told by the first failure.
    }
    return failure;
  }

  /// Reads a file whose keys are not known in advance.
  public static JsonNode tree(Path file) {
    return parse(text(file), JsonNode.class, file.toString());
  }

  /// Turns a parsed tree into a value; `where` begins the message of an error.
  public static <T> T convert(JsonNode tree, Class<T> type, String where) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw DuovoxException.badData(where + ": " + JsonFailure.describe(e), e);
    }
  }

  /// The tree of a value.
  public static JsonNode convert(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// The values of a tree by dotted key, in its order; an array is a value.
  public static Map<String, JsonNode> leaves(JsonNode tree) {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    tree.properties().forEach(entry -> addLeaves(entry.getKey(), entry.getValue(), leaves));
    return leaves;
  }

  private static void addLeaves(String key, JsonNode node, Map<String, JsonNode> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(entry -> addLeaves(key + "." + entry.getKey(), entry.getValue(), leaves));
    } else {
      leaves.put(key, node);
    }
  }

  /// Indented JSON with a line feed at the end, for files that people read.
  public static String pretty(Object value) {
    return PRETTY.writeValueAsString(value) + "\n";
  }

  /// JSON on one line, without a line feed, for JSONL and hashes.
  public static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  private static String text(Path file) {
    FileKind.requireText(file, "a JSON file");
    if (file.toFile().length() > MAX_BYTES) {
      throw DuovoxException.badData(file + ": larger than 256 MiB; no JSON file of Duovox is");
    }
    return TextInput.read(file);
  }

  /// Reads `null` as NaN: for components of type `double` that may be undefined.
  public static final class NullIsNan extends ValueDeserializer<Double> {
    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      return parser.getDoubleValue();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}
