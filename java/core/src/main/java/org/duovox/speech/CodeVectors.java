package org.duovox.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;
import org.duovox.io.SafetensorsWriter;

/// The vectors that the codes of a layer stand for; in a feature folder the file
/// `codebook.LAYER.safetensors` with one tensor `codebook` (groups, codes, width), whose presence
/// says that the layer's frames are codes.
///
/// @param groups codes of a frame
/// @param codes of each group
/// @param width values of a vector
/// @param values (groups, codes, width) row-major; not copied
@SuppressWarnings("ArrayRecordComponent") // A codebook may be large, and nobody changes it.
public record CodeVectors(int groups, int codes, int width, float[] values) {
  private static final String TENSOR = "codebook";
  private static final int RANK = 3;

  public CodeVectors {
    if (groups < 1 || codes < 1 || width < 1 || (long) groups * codes * width != values.length) {
      throw new IllegalArgumentException(
          "%d values for %d x %d x %d".formatted(values.length, groups, codes, width));
    }
  }

  static Path file(Path folder, String layer) {
    return folder.resolve("codebook." + layer + ".safetensors");
  }

  /// Writes the file of a layer.
  void write(Path folder, String layer) {
    try (SafetensorsWriter writer = Safetensors.create(file(folder, layer), Map.of())) {
      writer.add(TENSOR, new long[] {groups, codes, width}, values);
      writer.commit();
    }
  }

  /// The vectors of a layer; empty when its frames are no codes.
  static Optional<CodeVectors> read(Path folder, String layer) {
    Path file = file(folder, layer);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      long[] shape = tensors.require(TENSOR).shape();
      float[] values = tensors.floats(TENSOR);
      if (shape.length != RANK || values.length == 0) {
        throw DuovoxException.badData(
            file + ": " + TENSOR + " must be (groups, codes, width) and not empty");
      }
      return Optional.of(new CodeVectors((int) shape[0], (int) shape[1], (int) shape[2], values));
    }
  }
}
