package org.duovox.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.Safetensors;
import org.duovox.io.SafetensorsFile;

/// The vectors behind a layer whose frames are codes: a VQ layer, or the groups of a product
/// quantizer.
///
/// The file `codebook.LAYER.safetensors` lies beside the tensors of a feature set and holds
/// `codebook`, F32 (groups, codes, width). A layer that has such a file holds codes: whole numbers
/// below `codes`, one per group and frame.
public final class FeatureCodebook {
  private static final String TENSOR = "codebook";

  private final Path file;
  private final float[] vectors;
  private final int groups;
  private final int codes;
  private final Map<String, String> metadata;

  private FeatureCodebook(Path file, SafetensorsFile tensors) {
    long[] shape = tensors.require(TENSOR).shape();
    if (shape.length != 3 || Arrays.stream(shape).anyMatch(n -> n < 1 || n > 1_000_000)) {
      throw DuovoxException.badData(
          "%s: %s has shape %s, not (groups, codes, width)"
              .formatted(file, TENSOR, Arrays.toString(shape)));
    }
    this.file = file;
    this.vectors = tensors.floats(TENSOR);
    this.groups = (int) shape[0];
    this.codes = (int) shape[1];
    this.metadata = tensors.metadata();
    for (int i = 0; i < vectors.length; i++) {
      if (!Float.isFinite(vectors[i])) {
        throw DuovoxException.badData(
            "%s: %s holds %s at element %d; a codebook must be finite"
                .formatted(file, TENSOR, vectors[i], i));
      }
    }
  }

  /// The codebook of a layer of a feature folder, if it has one.
  static Optional<FeatureCodebook> find(Path folder, Layer layer) {
    Path file = folder.resolve(fileName(layer.name()));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      FeatureCodebook codebook = new FeatureCodebook(file, tensors);
      if (codebook.groups != layer.width()) {
        throw DuovoxException.badData(
            "%s: holds %d groups, but layer %s has %d codes per frame; the folder is damaged,"
                    .formatted(file, codebook.groups, layer.name(), layer.width())
                + " make it again");
      }
      return Optional.of(codebook);
    }
  }

  /// Name of the file of a layer.
  public static String fileName(String layer) {
    return "codebook." + layer + ".safetensors";
  }

  public Path file() {
    return file;
  }

  /// Codes per frame.
  public int groups() {
    return groups;
  }

  /// Codes that a group may take.
  public int codes() {
    return codes;
  }

  /// Values of one group's vector.
  public int width() {
    return vectors.length / groups / codes;
  }

  /// A copy of the vectors, (groups, codes, width) row-major.
  public float[] vectors() {
    return vectors.clone();
  }

  public Map<String, String> metadata() {
    return metadata;
  }
}
