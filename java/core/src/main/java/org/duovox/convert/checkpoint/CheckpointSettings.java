package org.duovox.convert.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Malformed;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// Settings that a checkpoint carries or that lie beside it, whatever holds them: a dictionary, a
/// Namespace, an OmegaConf container, a JSON file.
public record CheckpointSettings(Object root) {
  public static final CheckpointSettings NONE = new CheckpointSettings(null);

  /// The scalars at the top of a JSON file.
  public static CheckpointSettings json(Path file) {
    Dict dict = new Dict();
    JsonNode tree = Json.tree(file);
    tree.properties()
        .forEach(entry -> scalar(entry.getValue()).ifPresent(v -> dict.put(entry.getKey(), v)));
    return new CheckpointSettings(dict);
  }

  private static Optional<Object> scalar(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Optional.of(node.longValue());
    }
    if (node.isBoolean()) {
      return Optional.of(node.booleanValue());
    }
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  public boolean isPresent() {
    return root != null;
  }

  /// The settings under a key; [#NONE] when it is not there.
  public CheckpointSettings under(String key) {
    return new CheckpointSettings(member(plain(root), key));
  }

  Optional<Object> find(String key) {
    return Optional.ofNullable(plain(member(plain(root), key)));
  }

  public Optional<String> text(String key) {
    return find(key)
        .map(value -> value instanceof InertObject choice ? choice.arguments().get(0) : value)
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  public Optional<Long> whole(String key) {
    return find(key).filter(Long.class::isInstance).map(Long.class::cast);
  }

  public Optional<Boolean> flag(String key) {
    return find(key).filter(Boolean.class::isInstance).map(Boolean.class::cast);
  }

  /// A whole number that the tensors tell, which a setting must not contradict.
  public void requireEqual(String key, long fromTensors) {
    whole(key)
        .filter(said -> said != fromTensors)
        .ifPresent(said -> {
          throw contradiction(key, said, fromTensors);
        });
  }

  public void requireEqual(String key, boolean fromTensors) {
    flag(key)
        .filter(said -> said != fromTensors)
        .ifPresent(said -> {
          throw contradiction(key, said, fromTensors);
        });
  }

  public void requireEqual(String key, String fromTensors) {
    text(key)
        .filter(said -> !said.equals(fromTensors))
        .ifPresent(said -> {
          throw contradiction(key, said, fromTensors);
        });
  }

  public static Malformed contradiction(String key, Object said, Object fromTensors) {
    return new Malformed(
        "the settings say %s %s, the tensors %s; settings and weights are of different models"
            .formatted(key, said, fromTensors));
  }

  /// What an OmegaConf container or node holds, and anything else as it is.
  private static Object plain(Object value) {
    if (value instanceof InertObject inert
        && inert.className().startsWith(FairseqClasses.OMEGACONF)) {
      Dict attributes = inert.attributes();
      return attributes.has("_content") ? attributes.get("_content") : attributes.get("_val");
    }
    return value;
  }

  private static Object member(Object container, String key) {
    return switch (container) {
      case Dict dict -> dict.get(key);
      case InertObject inert -> inert.attribute(key);
      case null, default -> null;
    };
  }

  /// Whole numbers separated by commas, as command lines have them.
  public static List<Long> wholes(String text) {
    try {
      return Arrays.stream(text.split(",")).map(String::strip).map(Long::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new Malformed("'%s' are no whole numbers".formatted(text));
    }
  }
}
