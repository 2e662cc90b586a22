package org.duovox.train.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTensor;
import org.duovox.internal.NativeTrainer;
import org.duovox.internal.TrainerState;
import org.duovox.io.ArraySize;
import org.duovox.io.atomic.FileActions;
import org.duovox.io.atomic.SealedFolder;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.train.run.RunSettings.Differences;

/// Writes and reads the files of one checkpoint: `config.json` and `model.safetensors` as of any
/// model, `trainer.safetensors` (moments, progress, meters), `state.json`. No pickles: every one
/// opens in Python without code of ours.
final class CheckpointFiles {
  static final String STATE = "state.json";
  static final String TRAINER = "trainer.safetensors";
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private CheckpointFiles() {}

  /// Writes a checkpoint, or a model alone.
  static void write(
      FileActions files,
      Path target,
      UnitModel model,
      Optional<NativeTrainer> trainer,
      Optional<CheckpointState> state) {
    try (SealedFolder folder = new SealedFolder(files, target)) {
      writeText(folder, ModelFiles.CONFIG, Json.pretty(model.card()));
      writeTensors(folder, target, ModelFiles.TENSORS, ModelFiles.tensors(model));
      trainer.ifPresent(t -> writeTensors(folder, target, TRAINER, tensors(t.state())));
      state.ifPresent(s -> writeText(folder, STATE, Json.pretty(s)));
      folder.publish();
    }
  }

  /// Refuses the checkpoint of a model of another shape, or of other units.
  static void requireSameModel(UnitModel model, Path checkpoint) {
    ModelCard card = ModelFiles.card(checkpoint);
    List<String> differences =
        Differences.between(Json.convert(model.card().model()), Json.convert(card.model()));
    if (!differences.isEmpty()) {
      throw DuovoxException.badData(
          "%s is of another model: %s".formatted(checkpoint, Differences.text(differences)));
    }
  }

  /// Sets a trainer to the state in a checkpoint.
  ///
  /// @throws DuovoxException (BAD_DATA) that lists what does not fit
  static void read(NativeTrainer trainer, Path checkpoint) {
    try (SafetensorsFile tensors = Safetensors.open(checkpoint.resolve(TRAINER))) {
      List<NativeTensor> wanted = trainer.state().tensors();
      requireSame(wanted, tensors);
      for (NativeTensor tensor : wanted) {
        ByteBuffer bytes =
            ByteBuffer.allocateDirect(
                    ArraySize.of(
                        tensors.path() + ": the bytes of " + tensor.name(), tensor.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        tensors.readBytes(tensor.name(), 0, tensor.elements(), bytes);
        ByteBuffer values = bytes.flip();
        DuovoxException.runWithin(tensors.path(), () -> trainer.state().write(tensor, values));
      }
    }
  }

  private static void requireSame(List<NativeTensor> wanted, SafetensorsFile tensors) {
    Map<String, TensorInfo> unknown = new LinkedHashMap<>();
    tensors.tensors().forEach(tensor -> unknown.put(tensor.name(), tensor));
    List<String> problems = new ArrayList<>();
    for (NativeTensor tensor : wanted) {
      TensorInfo found = unknown.remove(tensor.name());
      if (found == null) {
        problems.add("missing " + tensor.name());
      } else if (found.dtype() != dtype(tensor) || !Arrays.equals(found.shape(), tensor.shape())) {
        problems.add("another shape or type of " + tensor.name());
      }
    }
    unknown.keySet().forEach(name -> problems.add("unknown " + name));
    if (!problems.isEmpty()) {
      throw DuovoxException.badData(
          "%s: is the state of another training: %s"
              .formatted(tensors.path(), Differences.text(problems)));
    }
  }

  private static List<Safetensors.Known> tensors(TrainerState state) {
    return state.tensors().stream()
        .map(t -> new Safetensors.Known(t.name(), dtype(t), t.shape(), () -> state.read(t)))
        .toList();
  }

  private static DType dtype(NativeTensor tensor) {
    return DType.valueOf(tensor.type().name());
  }

  private static void writeTensors(
      SealedFolder folder, Path target, String name, List<Safetensors.Known> tensors) {
    folder.write(
        name, stream -> Safetensors.write(stream, METADATA, tensors, target.resolve(name)));
  }

  private static void writeText(SealedFolder folder, String name, String text) {
    folder.write(name, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
