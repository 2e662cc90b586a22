package org.duovox.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;

/// The vectors that the codes of a layer stand for: of a VQ layer, or of the groups of a product
/// quantizer.
///
/// In a feature folder it is the file `codebook.LAYER.safetensors` with one tensor `codebook`, F32
/// (groups, codes, width). A layer with such a file holds codes: whole numbers below `codes`, one
/// per group and frame.
///
/// @param where the file or checkpoint it was read from, for messages
/// @param groups codes per frame
/// @param codes that a group may take
/// @param vectors (groups, codes, width) row-major; not copied
@SuppressWarnings("ArrayRecordComponent") // A codebook may be large, and nobody changes it.
public record FeatureCodebook(Path where, int groups, int codes, float[] vectors) {
  private static final String TENSOR = "codebook";
  private static final int LARGEST = 1_000_000;

  public FeatureCodebook {
    if (groups < 1
        || codes < 1
        || vectors.length == 0
        || vectors.length % ((long) groups * codes) != 0) {
      throw DuovoxException.badData(
          "%s: %d values are no codebook of %d groups of %d codes"
              .formatted(where, vectors.length, groups, codes));
    }
    for (int i = 0; i < vectors.length; i++) {
      if (!Float.isFinite(vectors[i])) {
        throw DuovoxException.badData(
            "%s: the codebook holds %s at element %d; it must be finite"
                .formatted(where, vectors[i], i));
      }
    }
  }

  /// Values of one group's vector.
  public int width() {
    return vectors.length / groups / codes;
  }

  /// Name of the file of a layer.
  public static String fileName(String layer) {
    return "codebook." + layer + ".safetensors";
  }

  /// Writes the file of a layer.
  public void write(Path folder, String layer) {
    Path file = folder.resolve(fileName(layer));
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add(TENSOR, new long[] {groups, codes, width()}, vectors);
      writer.commit();
    }
  }

  /// The codebook of a layer of a feature folder, if it has one.
  public static Optional<FeatureCodebook> find(Path folder, Layer layer) {
    Path file = folder.resolve(fileName(layer.name()));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    FeatureCodebook codebook = read(file);
    if (codebook.groups != layer.width()) {
      throw DuovoxException.badData(
          "%s: holds %d groups, but layer %s has %d codes per frame; the folder is damaged,"
                  .formatted(file, codebook.groups, layer.name(), layer.width())
              + " make it again");
    }
    return Optional.of(codebook);
  }

  private static FeatureCodebook read(Path file) {
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      long[] shape = tensors.require(TENSOR).shape();
      if (shape.length != 3 || Arrays.stream(shape).anyMatch(n -> n < 1 || n > LARGEST)) {
        throw DuovoxException.badData(
            "%s: %s has shape %s, not (groups, codes, width)"
                .formatted(file, TENSOR, Arrays.toString(shape)));
      }
      return new FeatureCodebook(file, (int) shape[0], (int) shape[1], tensors.floats(TENSOR));
    }
  }
}
