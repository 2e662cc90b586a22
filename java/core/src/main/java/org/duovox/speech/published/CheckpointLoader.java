package org.duovox.speech.published;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeEncoder;
import org.duovox.internal.NativeTensor;

/// Fills a native encoder with the tensors of a checkpoint, after a check that both fit: what is
/// missing, unknown or of another shape is listed, never skipped.
final class CheckpointLoader {
  private static final int SHOWN = 12;

  private final Path folder;
  private final CheckpointTensors tensors;

  CheckpointLoader(Path folder, CheckpointTensors tensors) {
    this.folder = folder;
    this.tensors = tensors;
  }

  /// Writes every tensor and seals the encoder.
  void fill(NativeEncoder encoder) {
    requireFit(encoder.parameters());
    for (NativeTensor parameter : encoder.parameters()) {
      float[] values = tensors.floats(parameter.name());
      within(() -> encoder.write(parameter, values));
    }
    within(encoder::seal);
  }

  private void within(Runnable action) {
    DuovoxException.runWithin(folder, action);
  }

  private void requireFit(List<NativeTensor> wanted) {
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (NativeTensor parameter : wanted) {
      known.add(parameter.name());
      Optional<List<Long>> shape = tensors.shape(parameter.name());
      if (shape.isEmpty()) {
        missing.add(parameter.name());
      } else if (!shape.get().equals(parameter.sizes())) {
        misshapen.add(
            "%s is %s, not %s".formatted(parameter.name(), shape.get(), parameter.sizes()));
      }
    }
    List<String> unknown =
        tensors.names().stream()
            .filter(name -> !known.contains(name) && !TensorNames.isDispensable(name))
            .sorted()
            .toList();
    if (!missing.isEmpty() || !misshapen.isEmpty() || !unknown.isEmpty()) {
      throw DuovoxException.badData(
          "%s: the tensors are not those of its config.json:%s%s%s"
              .formatted(
                  folder,
                  list("missing", missing),
                  list("of another shape", misshapen),
                  list("unknown", unknown)));
    }
  }

  private static String list(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String more = names.size() > SHOWN ? ", and " + (names.size() - SHOWN) + " more" : "";
    return "\n  %s: %s%s"
        .formatted(what, String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))), more);
  }
}
