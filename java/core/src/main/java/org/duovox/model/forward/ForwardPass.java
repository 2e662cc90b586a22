package org.duovox.model.forward;

import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeForward;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTensor;
import org.duovox.io.ArraySize;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.model.ModelConfig;
import org.duovox.model.PrototypeTensors;
import org.duovox.model.UnitModel;
import org.duovox.units.Codebook;

/// Runs a batch from a file through a model and writes outputs, losses and the gradient of the loss
/// by every parameter, so that any other program can check the model.
public final class ForwardPass {
  /// A tensor that was written.
  public record Written(String name, List<Long> shape) {}

  /// What was computed and written.
  ///
  /// @param loss empty without a position with a loss
  /// @param outputs tensors of the file of outputs
  /// @param gradients tensors of the file of gradients; empty without one
  public record Result(Optional<Double> loss, List<Written> outputs, List<Written> gradients) {}

  private final UnitModel model;
  private final ForwardInputs inputs;

  public ForwardPass(UnitModel model, ForwardInputs inputs) {
    this.model = model;
    this.inputs = inputs;
  }

  /// Computes everything, then writes the files.
  ///
  /// @throws DuovoxException (BAD_DATA) when gradients are asked for and no position has a loss
  public Result run(Path outputs, Optional<Path> gradients) {
    if (gradients.isPresent() && !inputs.hasLoss()) {
      throw DuovoxException.badData(
          "there is no gradient without a loss: the inputs have no 'labels', or all of them are -1");
    }
    requireReconstructable();
    NativeModel nativeModel = model.nativeModel();
    double mcr = model.config().representationWidth() > 0 ? 1 : 0;
    try (NativeForward forward =
            new NativeForward(nativeModel, model.config().scoredUnits(), 1, mcr);
        NativeRing ring =
            new NativeRing(
                1,
                inputs.rows(),
                (long) inputs.rows() * inputs.tokens(),
                (long) inputs.rows() * inputs.units(),
                nativeModel.device())) {
      NativeRing.Shape shape = fill(ring.slots().getFirst());
      NativeForward.Outputs result = forward.run(ring, shape, gradients.isPresent());
      List<Written> derived = new ArrayList<>();
      if (gradients.isPresent()) {
        derived.addAll(writeGradients(forward, gradients.get()));
      }
      List<Written> written = writeOutputs(result, outputs);
      Optional<Double> loss = inputs.hasLoss() ? Optional.of(result.loss()) : Optional.empty();
      return new Result(loss, written, derived);
    }
  }

  private void requireReconstructable() {
    int width = model.config().representationWidth();
    if (inputs.hasLoss()
        && width > 0
        && Codebook.areEqual(model.read("contextual.codebook"), width)) {
      throw DuovoxException.badData(
          "the model's contextual.codebook (in its model.safetensors) holds equal vectors only, so"
              + " that there is no loss of reconstruction: leave 'labels' out of the inputs, or take"
              + " a model of another codebook");
    }
  }

  private NativeRing.Shape fill(NativeRing.Slot slot) {
    int[] targets = inputs.labels();
    if (targets.length == 0) {
      targets = new int[inputs.rows() * inputs.tokens()];
      Arrays.fill(targets, -1);
    }
    put(slot.contextual(), inputs.contextual());
    put(slot.targets(), targets);
    put(slot.lengths(), inputs.lengths());
    put(slot.labels(), new int[inputs.rows()]);
    put(slot.phonetic(), inputs.phonetic());
    put(slot.phoneticStart(), inputs.start());
    put(slot.phoneticEnd(), inputs.end());
    put(slot.phoneticLengths(), inputs.phoneticLengths());
    return new NativeRing.Shape(slot.index(), inputs.rows(), inputs.tokens(), inputs.units());
  }

  private static void put(IntBuffer buffer, int[] values) {
    buffer.put(0, values);
  }

  private List<Written> writeOutputs(NativeForward.Outputs result, Path file) {
    ModelConfig config = model.config();
    Listed listed = new Listed();
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of("format", "pt"))) {
      listed.add(writer, "logits", result.logits(), config.scoredUnits());
      listed.add(writer, "context_output", result.contextual(), config.hidden());
      listed.add(writer, "phonetic_output", result.phonetic(), config.hidden());
      listed.add(writer, "reconstruction", result.reconstruction(), config.representationWidth());
      if (inputs.hasLoss()) {
        listed.add(writer, "loss", result.loss());
        if (config.representationWidth() > 0) {
          listed.add(writer, "loss_mcp", result.mcp());
          listed.add(writer, "loss_mcr", result.mcr());
        }
      }
      writer.commit();
    }
    return listed.written;
  }

  private List<Written> writeGradients(NativeForward forward, Path file) {
    GradientNames names = new GradientNames(model);
    List<Written> written = new ArrayList<>();
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of("format", "pt"))) {
      for (NativeTensor parameter : model.nativeModel().parameters()) {
        if (parameter.trainable()) {
          float[] values = forward.gradient(parameter);
          for (GradientNames.Piece piece : names.pieces(parameter)) {
            writer.add(piece.name(), piece.shape(), piece.of(values));
            written.add(new Written(piece.name(), Arrays.stream(piece.shape()).boxed().toList()));
          }
        }
      }
      writer.commit();
    }
    return written;
  }

  /// Writes (B, T, width) tensors and scalars, and lists what was written.
  private final class Listed {
    private final List<Written> written = new ArrayList<>();

    void add(SafetensorsWriter writer, String name, float[] values, int width) {
      if (values.length > 0) {
        add(writer, name, new long[] {inputs.rows(), inputs.tokens(), width}, values);
      }
    }

    void add(SafetensorsWriter writer, String name, double value) {
      add(writer, name, new long[] {1}, new float[] {(float) value});
    }

    private void add(SafetensorsWriter writer, String name, long[] shape, float[] values) {
      writer.add(name, shape, values);
      written.add(new Written(name, Arrays.stream(shape).boxed().toList()));
    }
  }

  /// The names under which a model's tensors are written: for a model converted from the prototype
  /// those of the prototype, each of which is a run of rows of one of our tensors; else our own.
  private static final class GradientNames {
    /// A tensor as it is written.
    ///
    /// @param first index of its first value in our tensor
    @SuppressWarnings("ArrayRecordComponent") // Made and used within one loop.
    record Piece(String name, long[] shape, int first) {
      /// Returns its values, given those of our tensor.
      float[] of(float[] values) {
        int count = ArraySize.of(name, shape);
        return Arrays.copyOfRange(values, first, first + count);
      }
    }

    private final Map<String, List<PrototypeTensors.Rows>> byTensor = new HashMap<>();

    GradientNames(UnitModel model) {
      if (model.card().fromPrototype()) {
        for (PrototypeTensors.Rows rows : PrototypeTensors.all(model.config())) {
          byTensor.computeIfAbsent(rows.tensor(), name -> new ArrayList<>()).add(rows);
        }
      }
    }

    /// Returns what is written of one of our tensors, in order.
    List<Piece> pieces(NativeTensor parameter) {
      List<PrototypeTensors.Rows> runs = byTensor.get(parameter.name());
      if (runs == null) {
        return List.of(new Piece(parameter.name(), parameter.shape(), 0));
      }
      return runs.stream().map(rows -> piece(rows, parameter)).toList();
    }

    private static Piece piece(PrototypeTensors.Rows rows, NativeTensor parameter) {
      long[] shape = parameter.shape().clone();
      long width = parameter.elements() / shape[0];
      if (rows.count() != PrototypeTensors.ALL) {
        shape[0] = rows.count();
      }
      return new Piece(rows.name(), shape, ArraySize.of(rows.name(), rows.first(), width));
    }
  }
}
