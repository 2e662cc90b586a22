package org.duovox.convert.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.convert.checkpoint.CheckpointFile;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.checkpoint.Tensor;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Limits;
import org.duovox.convert.pickle.Malformed;

/// Any tensors, named by the keys that lead to them, joined by dots.
public final class GenericLayout implements Layout {
  private long visited;

  @Override
  public Optional<Converted> read(CheckpointFile checkpoint) {
    StateDict all = new StateDict();
    List<String> dropped = new ArrayList<>();
    visited = 0;
    walk(checkpoint.root(), "", 0, all, dropped);
    return all.tensors().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Converted(
                "generic",
                all,
                Optional.empty(),
                Map.of(),
                dropped,
                List.of("no configuration is written: what the tensors are for is not known")));
  }

  private void walk(Object value, String name, int depth, StateDict all, List<String> dropped) {
    if (depth > Limits.DEPTH || ++visited > Limits.TENSORS) {
      throw new Malformed("nested too deep or too wide to be a checkpoint");
    }
    Optional<Tensor> tensor = StateDict.asTensor(value);
    if (tensor.isPresent()) {
      all.put(name.isEmpty() ? "tensor" : name, tensor.get());
    } else if (value instanceof Dict dict) {
      dict.entries().forEach((key, v) -> walk(v, join(name, key), depth + 1, all, dropped));
    } else if (value instanceof List<?> list && list.stream().anyMatch(GenericLayout::mayHold)) {
      for (int i = 0; i < list.size(); i++) {
        walk(list.get(i), join(name, (long) i), depth + 1, all, dropped);
      }
    } else if (value instanceof InertObject inert) {
      walk(inert.attributes(), name, depth + 1, all, dropped);
    } else if (value != null) {
      dropped.add(name);
    }
  }

  private static boolean mayHold(Object value) {
    return value instanceof Dict || value instanceof List<?> || value instanceof Tensor;
  }

  private static String join(String name, Object key) {
    String last = key instanceof String || key instanceof Long ? key.toString() : "?";
    return name.isEmpty() ? last : name + "." + last;
  }
}
