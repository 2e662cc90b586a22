package org.duovox.speech.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// The keys of a third-party `config.json`: those needed are read by name and type, the many others
/// are ignored.
final class CheckpointKeys {
  private final Path file;
  private final JsonNode tree;

  private CheckpointKeys(Path file, JsonNode tree) {
    this.file = file;
    this.tree = tree;
  }

  static CheckpointKeys read(Path file) {
    JsonNode tree = Json.tree(file);
    if (!tree.isObject()) {
      throw DuovoxException.badData(file + ": is no JSON object");
    }
    return new CheckpointKeys(file, tree);
  }

  /// The keys of a file that may be absent.
  static Optional<CheckpointKeys> find(Path file) {
    return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /// The keys of an object under a key; empty when it is not there.
  Optional<CheckpointKeys> under(String key) {
    return tree.path(key).isObject()
        ? Optional.of(new CheckpointKeys(file, tree.path(key)))
        : Optional.empty();
  }

  Path file() {
    return file;
  }

  boolean has(String key) {
    return !tree.path(key).isMissingNode() && !tree.path(key).isNull();
  }

  /// Refuses a file that lacks any of these keys, naming all that are missing.
  void requireAll(List<String> keys) {
    List<String> missing = keys.stream().filter(key -> !has(key)).toList();
    if (!missing.isEmpty()) {
      throw DuovoxException.badData(
          "%s: lacks %s; it must be the config.json of the checkpoint"
              .formatted(file, String.join(", ", missing)));
    }
  }

  String text(String key) {
    JsonNode value = need(key);
    if (!value.isString()) {
      throw wrong(key, "text");
    }
    return value.asString();
  }

  String text(String key, String absent) {
    return has(key) ? text(key) : absent;
  }

  int integer(String key) {
    JsonNode value = need(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(key, "a whole number");
    }
    return value.asInt();
  }

  int integer(String key, int absent) {
    return has(key) ? integer(key) : absent;
  }

  double number(String key, double absent) {
    if (!has(key)) {
      return absent;
    }
    if (!need(key).isNumber()) {
      throw wrong(key, "a number");
    }
    return need(key).asDouble();
  }

  boolean flag(String key) {
    JsonNode value = need(key);
    if (!value.isBoolean()) {
      throw wrong(key, "true or false");
    }
    return value.asBoolean();
  }

  boolean flag(String key, boolean absent) {
    return has(key) ? flag(key) : absent;
  }

  /// A list of whole numbers (0 and 1 may be written as false and true).
  List<Integer> integers(String key) {
    JsonNode value = need(key);
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode element : value.isArray() ? value : Json.parse("[null]", JsonNode.class, "")) {
      if (element.isBoolean()) {
        numbers.add(element.asBoolean() ? 1 : 0);
      } else if (element.isIntegralNumber() && element.canConvertToInt()) {
        numbers.add(element.asInt());
      } else {
        throw wrong(key, "a list of whole numbers");
      }
    }
    return numbers;
  }

  Optional<List<Integer>> optionalIntegers(String key) {
    return has(key) ? Optional.of(integers(key)) : Optional.empty();
  }

  /// Refuses a key that has another value than the only one this program computes.
  void requireIf(String key, boolean fits, String only) {
    if (has(key) && !fits) {
      throw DuovoxException.config(
          "%s: %s is %s; this program computes only %s".formatted(file, key, tree.path(key), only));
    }
  }

  private JsonNode need(String key) {
    requireAll(List.of(key));
    return tree.path(key);
  }

  private DuovoxException wrong(String key, String wanted) {
    return DuovoxException.badData(
        "%s: %s must be %s, but is %s".formatted(file, key, wanted, tree.path(key)));
  }
}
