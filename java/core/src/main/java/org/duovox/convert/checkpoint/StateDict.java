package org.duovox.convert.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;

/// Named tensors in the order of the checkpoint, and the names of what stands among them and is no
/// tensor.
public final class StateDict {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();

  /// The state dictionary that a value is; empty when it is none.
  public static Optional<StateDict> of(Object value) {
    if (!(value instanceof Dict dict)) {
      return Optional.empty();
    }
    StateDict state = new StateDict();
    for (Map.Entry<Object, Object> entry : dict.entries().entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        return Optional.empty();
      }
      asTensor(entry.getValue())
          .ifPresentOrElse(tensor -> state.put(name, tensor), () -> state.others.add(name));
    }
    return state.tensors.isEmpty() ? Optional.empty() : Optional.of(state);
  }

  /// A tensor of PyTorch or a numeric array of NumPy.
  public static Optional<Tensor> asTensor(Object value) {
    return switch (value) {
      case Tensor tensor -> Optional.of(tensor);
      case NumpyArray array -> array.tensor();
      case null, default -> Optional.empty();
    };
  }

  /// Adds a tensor, whose name must be new.
  public void put(String name, Tensor tensor) {
    boolean sane =
        !name.isEmpty()
            && !name.equals("__metadata__")
            && StandardCharsets.UTF_8.newEncoder().canEncode(name)
            && name.getBytes(StandardCharsets.UTF_8).length <= Limits.NAME_BYTES;
    if (!sane) {
      throw new Malformed("a name that no tensor can have: " + printable(name));
    }
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new Malformed("two tensors come out as \"%s\"".formatted(name));
    }
    if (tensors.size() > Limits.TENSORS) {
      throw new Malformed("more than %d tensors".formatted(Limits.TENSORS));
    }
  }

  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /// Names of what is no tensor.
  public List<String> others() {
    return Collections.unmodifiableList(others);
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  public boolean hasPrefix(String prefix) {
    return tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /// Returns a tensor that the layout needs.
  public Tensor require(String name) {
    return find(name)
        .orElseThrow(() ->
            new Malformed(
                "the checkpoint has no tensor \"%s\", which its layout needs".formatted(name)));
  }

  /// Refuses a checkpoint without a tensor of that name and shape.
  public void require(String name, long... shape) {
    Tensor tensor = require(name);
    if (!tensor.hasShape(shape)) {
      throw new Malformed(
          "tensor \"%s\" has shape %s, but %s fits the others"
              .formatted(name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
    }
  }

  /// Returns the tensors whose names a condition holds for; adds the names of the others to
  /// `dropped`.
  public StateDict keep(Predicate<String> condition, List<String> dropped) {
    StateDict kept = new StateDict();
    tensors.forEach((name, tensor) -> {
      if (condition.test(name)) {
        kept.put(name, tensor);
      } else {
        dropped.add(name);
      }
    });
    dropped.addAll(others);
    return kept;
  }

  /// Returns the same tensors under new names.
  public StateDict rename(UnaryOperator<String> names) {
    StateDict renamed = new StateDict();
    tensors.forEach((name, tensor) -> renamed.put(names.apply(name), tensor));
    renamed.others.addAll(others);
    return renamed;
  }

  /// Without the `module.` that training on several devices puts before names.
  public StateDict withoutModule() {
    return rename(name -> name.replaceFirst("^module\\.", ""));
  }

  /// How many there are of `prefix0suffix`, `prefix1suffix`, ... in a row.
  public int count(String prefix, String suffix) {
    int n = 0;
    while (has(prefix + n + suffix)) {
      n++;
    }
    return n;
  }

  private static String printable(String name) {
    return name.substring(0, Math.min(name.length(), 100)).replaceAll("\\p{Cntrl}", "?");
  }

  /// Returns the number of elements of all tensors.
  public long elements() {
    return tensors.values().stream().mapToLong(Tensor::elements).sum();
  }
}
