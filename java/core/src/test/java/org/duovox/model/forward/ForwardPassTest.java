package org.duovox.model.forward;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.internal.Device;
import org.duovox.internal.NativeTensor;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.model.ModelConfig;
import org.duovox.model.ToyModel;
import org.duovox.model.UnitModel;
import org.duovox.units.Toy;
import org.duovox.units.UnitStream;
import org.duovox.units.corpus.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForwardPassTest {
  private static final Corpus CORPUS = Toy.corpus(4, 9, 7);

  @TempDir Path folder;

  private final Map<String, int[]> inputs = new LinkedHashMap<>();
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  /// Two rows of four tokens; the second is three long, with a unit and a token of padding.
  private ForwardPassTest() {
    put("context_units", new long[] {2, 4}, 9, 1, 11, 10, 9, 11, 10, 12);
    put("phonetic_units", new long[] {2, 5}, 7, 2, 3, 4, 7, 7, 5, 6, 7, 7);
    put("start", new long[] {2, 4}, 0, 1, 3, 4, 0, 1, 3, 0);
    put("end", new long[] {2, 4}, 0, 2, 3, 4, 0, 2, 3, 0);
    put("labels", new long[] {2, 4}, -1, -1, 5, -1, -1, 2, -1, -1);
    put("lengths", new long[] {2}, 4, 3);
    put("phonetic_lengths", new long[] {2}, 5, 4);
  }

  private void put(String name, long[] shape, int... values) {
    inputs.put(name, values);
    shapes.put(name, shape);
  }

  private Path file() {
    Path file = folder.resolve("inputs.safetensors");
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      inputs.forEach((name, values) -> writer.add(name, shapes.get(name), values));
      writer.commit();
    }
    return file;
  }

  private ForwardPass.Result run(ModelConfig config) {
    try (UnitModel model = UnitModel.create(config, CORPUS, List.of(), Device.CPU)) {
      ForwardInputs read = ForwardInputs.read(file(), model.config());
      return new ForwardPass(model, read)
          .run(outputs(), Optional.of(folder.resolve("gradients.safetensors")));
    }
  }

  private Path outputs() {
    return folder.resolve("outputs.safetensors");
  }

  private static Set<String> names(Path file) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      return new TreeSet<>(tensors.tensors().stream().map(TensorInfo::name).toList());
    }
  }

  private float[] output(String name) {
    try (SafetensorsFile tensors = Safetensors.open(outputs())) {
      return tensors.floats(name);
    }
  }

  @Test
  void aDualModelWritesEverything() {
    ForwardPass.Result result = run(ToyModel.dual());
    assertEquals(
        Set.of(
            "logits",
            "context_output",
            "phonetic_output",
            "reconstruction",
            "loss",
            "loss_mcp",
            "loss_mcr"),
        names(outputs()));
    assertEquals(List.of(2L, 4L, 9L), result.outputs().getFirst().shape());
    assertEquals(2 * 4 * 32, output("phonetic_output").length);
    assertEquals(
        output("loss")[0], output("loss_mcp")[0] + output("loss_mcr")[0], 1e-5, "weights are 1");
    assertTrue(names(folder.resolve("gradients.safetensors")).contains("heads.mcp.dense.weight"));
    assertFalse(names(folder.resolve("gradients.safetensors")).contains("contextual.codebook"));
  }

  /// A step of gradient descent along what was written lowers the loss by about its square.
  @Test
  void gradientsLeadDownhill() {
    try (UnitModel model = UnitModel.create(ToyModel.dual(), CORPUS, List.of(), Device.CPU)) {
      ForwardPass pass = new ForwardPass(model, ForwardInputs.read(file(), model.config()));
      Path gradients = folder.resolve("gradients.safetensors");
      double before = pass.run(outputs(), Optional.of(gradients)).loss().orElseThrow();
      double square = 0;
      double rate = 1e-4;
      try (SafetensorsFile tensors = Safetensors.open(gradients)) {
        for (NativeTensor parameter : model.nativeModel().parameters()) {
          if (parameter.trainable()) {
            float[] gradient = tensors.floats(parameter.name());
            float[] values = model.read(parameter.name());
            for (int i = 0; i < values.length; i++) {
              values[i] -= (float) (rate * gradient[i]);
              square += gradient[i] * (double) gradient[i];
            }
            model.write(parameter.name(), values);
          }
        }
      }
      double after = pass.run(outputs(), Optional.empty()).loss().orElseThrow();
      assertTrue(square > 0.01, "square " + square);
      assertEquals(rate * square, before - after, 0.1 * rate * square);
    }
  }

  @Test
  void aRowIsTheSameAloneAndPadded() {
    run(ToyModel.dual());
    float[] together = output("logits");
    put("context_units", new long[] {1, 3}, 9, 11, 10);
    put("phonetic_units", new long[] {1, 4}, 7, 5, 6, 7);
    put("start", new long[] {1, 3}, 0, 1, 3);
    put("end", new long[] {1, 3}, 0, 2, 3);
    put("labels", new long[] {1, 3}, -1, 2, -1);
    inputs.remove("lengths");
    inputs.remove("phonetic_lengths");
    run(ToyModel.dual());
    float[] alone = output("logits");
    for (int i = 0; i < alone.length; i++) {
      assertEquals(alone[i], together[4 * 9 + i], 1e-6, "value " + i);
    }
    for (int i = 7 * 9; i < 8 * 9; i++) {
      assertEquals(0, together[i], "beyond the length");
    }
  }

  @Test
  void aSingleStreamReadsTheContextualUnitsOnly() {
    run(ToyModel.config(ModelConfig.Kind.SINGLE, UnitStream.CONTEXTUAL));
    assertFalse(names(outputs()).contains("phonetic_output"));
    assertTrue(names(outputs()).contains("logits"));
  }

  @Test
  void aJointSequenceHasBothOutputs() {
    run(ToyModel.config(ModelConfig.Kind.JOINT, UnitStream.CONTEXTUAL));
    assertEquals(2 * 4 * 32, output("phonetic_output").length);
  }

  @Test
  void withoutLabelsThereIsNoLoss() {
    inputs.remove("labels");
    try (UnitModel model = UnitModel.create(ToyModel.dual(), CORPUS, List.of(), Device.CPU)) {
      ForwardPass pass = new ForwardPass(model, ForwardInputs.read(file(), model.config()));
      ForwardPass.Result result = pass.run(outputs(), Optional.empty());
      assertTrue(result.loss().isEmpty());
      assertEquals(
          Set.of("logits", "context_output", "phonetic_output", "reconstruction"),
          names(outputs()));
      Path gradients = folder.resolve("none.safetensors");
      assertFails(
          Kind.BAD_DATA,
          () -> pass.run(folder.resolve("o.safetensors"), Optional.of(gradients)),
          "labels");
      assertFalse(Files.exists(gradients));
      assertFalse(Files.exists(folder.resolve("o.safetensors")));
    }
  }

  @Test
  void whatIsNotReadIsNamed() {
    put("label", new long[] {1}, 1);
    ModelConfig config = ToyModel.dual().fitTo(CORPUS);
    assertEquals(List.of("label"), ForwardInputs.read(file(), config).unread());
  }

  @Test
  void badInputsAreRefusedByPlace() {
    ModelConfig dual = ToyModel.dual().fitTo(CORPUS);
    refused(dual, "context_units", 1, 13, "context_units, row 0, position 1: 13, must be 0 to 12");
    refused(dual, "context_units", 4, -1, "context_units, row 1, position 0: -1");
    refused(dual, "phonetic_units", 1, 9, "phonetic_units, row 0, position 1: 9, must be 0 to 8");
    refused(dual, "start", 1, 3, "row 0, position 1: start is 3 and end 2");
    refused(dual, "end", 3, 5, "end, row 0, position 3: 5, must be 0 to 4");
    refused(dual, "end", 6, 4, "end, row 1, position 2: 4, must be 0 to 3");
    refused(dual, "labels", 2, 9, "labels, row 0, position 2: 9, must be -1 to 8");
    refused(dual, "labels", 2, -100, "must be -1 to 8");
    refused(dual, "lengths", 1, 5, "lengths of row 1 is 5, must be 1 to 4");
    refused(dual, "lengths", 0, 0, "lengths of row 0 is 0");
    refused(dual, "phonetic_lengths", 0, 6, "phonetic_lengths of row 0 is 6, must be 1 to 5");
    // Beyond a length anything may stand.
    inputs.get("context_units")[7] = 999;
    ForwardInputs.read(file(), dual);
    ModelConfig short3 = dual.with(draft -> draft.maxPositions = 3);
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), short3), "4 positions");
    ModelConfig joint =
        dual.with(draft -> {
          draft.kind = ModelConfig.Kind.JOINT;
          draft.maxPositions = 8;
        });
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), joint), "9 positions");
  }

  private void refused(ModelConfig config, String tensor, int index, int value, String message) {
    int kept = inputs.get(tensor)[index];
    inputs.get(tensor)[index] = value;
    DuovoxException error =
        assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), config), message);
    assertTrue(error.getMessage().contains("inputs.safetensors"), error.getMessage());
    inputs.get(tensor)[index] = kept;
  }

  @Test
  void shapesMustFit() {
    ModelConfig dual = ToyModel.dual().fitTo(CORPUS);
    int[] labels = inputs.get("labels");
    put("labels", new long[] {4, 2}, labels);
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), dual), "labels", "[4, 2]");
    put("labels", new long[] {2, 4}, labels);
    put("context_units", new long[] {8}, inputs.get("context_units"));
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), dual), "context_units", "[8]");
    put("context_units", new long[] {0, 4});
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), dual), "context_units", "[0, 4]");
    inputs.remove("context_units");
    assertFails(Kind.BAD_DATA, () -> ForwardInputs.read(file(), dual), "context_units");
  }

  @Test
  void aModelOfEqualCodebookVectorsHasNoLoss() {
    try (UnitModel model = UnitModel.create(ToyModel.dual(), CORPUS, List.of(), Device.CPU)) {
      model.write("contextual.codebook", new float[model.read("contextual.codebook").length]);
      ForwardInputs read = ForwardInputs.read(file(), model.config());
      assertFails(
          Kind.BAD_DATA,
          () -> new ForwardPass(model, read).run(outputs(), Optional.empty()),
          "contextual.codebook",
          "model.safetensors",
          "'labels'");
    }
  }
}
