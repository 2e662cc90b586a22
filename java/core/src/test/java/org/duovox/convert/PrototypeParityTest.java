package org.duovox.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.duovox.internal.Device;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.model.UnitModel;
import org.duovox.model.forward.ForwardInputs;
import org.duovox.model.forward.ForwardPass;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Outputs and gradients of the first author's prototype, from its own weights.
class PrototypeParityTest {
  private static final double OUTPUTS = 1e-5;
  private static final double GRADIENTS = 1e-4;

  /// Attention does not change when all keys of a row move by the same vector: the gradient of
  /// their bias is zero, and what either side computes is rounding.
  private static final String ZERO = "attention.self.key.bias";

  private static final double ROUNDING = 1e-8;

  @TempDir Path folder;

  @Test
  void outputsAndEveryGradientAreThoseOfThePrototype() {
    Path golden = Shared.assume("golden/wpbert");
    Path outputs = folder.resolve("outputs.safetensors");
    Path gradients = folder.resolve("gradients.safetensors");
    Checkpoints.convert(golden, folder.resolve("model"));
    try (UnitModel model = UnitModel.load(folder.resolve("model"), Device.CPU)) {
      ForwardInputs inputs =
          ForwardInputs.read(golden.resolve("inputs.safetensors"), model.config());
      new ForwardPass(model, inputs).run(outputs, Optional.of(gradients));
    }
    Map<String, Double> worst = new TreeMap<>();
    compare(golden.resolve("outputs.safetensors"), outputs, worst, false);
    worst.forEach((name, value) -> assertTrue(value <= OUTPUTS, name + " differs by " + value));
    assertEquals(Set.of("context_output", "logits", "loss", "phonetic_output"), worst.keySet());
    worst.clear();
    compare(golden.resolve("gradients.safetensors"), gradients, worst, true);
    worst.forEach((name, value) -> assertTrue(value <= GRADIENTS, name + " differs by " + value));
    assertEquals(76, worst.size());
  }

  /// The largest difference of each tensor, relative to its largest value on demand.
  private static void compare(
      Path expected, Path found, Map<String, Double> worst, boolean relative) {
    try (SafetensorsFile theirs = Safetensors.open(expected);
        SafetensorsFile ours = Safetensors.open(found)) {
      assertEquals(names(theirs), names(ours));
      for (TensorInfo tensor : theirs.tensors()) {
        assertArrayEquals(tensor.shape(), ours.require(tensor.name()).shape(), tensor.name());
        float[] a = theirs.floats(tensor.name());
        float[] b = ours.floats(tensor.name());
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
          difference = Math.max(difference, Math.abs((double) a[i] - b[i]));
          largest = Math.max(largest, Math.abs(a[i]));
        }
        if (relative && tensor.name().endsWith(ZERO)) {
          assertTrue(largest < ROUNDING && difference < ROUNDING, tensor.name() + " is not zero");
          largest = 1;
        }
        worst.put(tensor.name(), relative ? difference / largest : difference);
      }
    }
  }

  private static Set<String> names(SafetensorsFile file) {
    return new TreeSet<>(file.tensors().stream().map(TensorInfo::name).toList());
  }
}
