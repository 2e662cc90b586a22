package org.duovox.convert.layout;

import java.util.Arrays;
import java.util.List;
import org.duovox.convert.checkpoint.MemoryTensor;
import org.duovox.convert.checkpoint.StateDict;
import org.duovox.convert.pickle.Malformed;
import org.duovox.model.PrototypeTensors;

/// The fusion convolution of the prototype: one module that a list holds once per layer, so that a
/// state dictionary repeats it. What is repeated must be equal; what repeats may be left out, as
/// savers that store shared tensors once do.
final class PrototypeFusion {
  private PrototypeFusion() {}

  /// Refuses a list whose modules differ: such a model has more weights than the prototype.
  static void requireOne(StateDict state) {
    for (String part : List.of(".weight", ".bias")) {
      List<String> names = names(state, part);
      if (names.isEmpty()) {
        throw new Malformed(
            "the checkpoint has no tensor \"%s0%s\", which its layout needs"
                .formatted(PrototypeTensors.FUSION, part));
      }
      float[] first = MemoryTensor.floats(names.getFirst(), state.require(names.getFirst()));
      for (String name : names.subList(1, names.size())) {
        if (!Arrays.equals(first, MemoryTensor.floats(name, state.require(name)))) {
          throw new Malformed(
              ("\"%s\" and \"%s\" differ, but the prototype has one fusion convolution that all"
                      + " layers share; this checkpoint is of another model")
                  .formatted(names.getFirst(), name));
        }
      }
    }
  }

  /// The name under which a state dictionary holds a tensor of the prototype.
  static String stored(String name, StateDict state) {
    String first = PrototypeTensors.FUSION + "0";
    return name.startsWith(first) ? names(state, name.substring(first.length())).getFirst() : name;
  }

  private static List<String> names(StateDict state, String end) {
    return state.tensors().keySet().stream()
        .filter(name -> name.startsWith(PrototypeTensors.FUSION) && name.endsWith(end))
        .toList();
  }
}
