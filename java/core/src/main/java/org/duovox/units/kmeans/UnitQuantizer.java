package org.duovox.units.kmeans;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.speech.FeatureCodebook;
import org.duovox.units.Codebook;
import org.duovox.units.CodebookMetadata;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StagedCentroids;
import org.duovox.units.StreamInfo;

/// A way from frames to units.
public sealed interface UnitQuantizer {

  /// Every frame becomes the code of its nearest centroid.
  record Plain(Codebook codebook) implements UnitQuantizer {}

  /// Residual or product k-means: every combination of stage codes that occurs is a unit.
  ///
  /// @param stream the features that the stages were fitted on
  /// @param codebook a vocabulary made before, or null: the combinations that occur
  record Staged(StagedCentroids stages, StreamInfo stream, Codebook codebook)
      implements UnitQuantizer {}

  /// The frames are codes already. One code per frame is the unit; of several, every combination
  /// that occurs is one.
  ///
  /// @param vectors behind the codes
  /// @param codebook a vocabulary made before, or null: the codes, or the combinations that occur
  record Codes(FeatureCodebook vectors, Codebook codebook) implements UnitQuantizer {}

  /// What a codebook file and the features that it is for make up.
  ///
  /// @param file of `kmeans`, of a unit set, or with `cluster_centers_` from elsewhere; null for
  ///   features that are codes
  static UnitQuantizer of(Path file, FeatureLayer features) {
    if (features.codebook().isPresent()) {
      return new Codes(features.codebook().get(), file == null ? null : Codebook.read(file));
    }
    return file == null ? codes(features) : read(file);
  }

  /// What a codebook in memory and the features that it is for make up.
  static UnitQuantizer of(Codebook codebook, FeatureLayer features) {
    return features.codebook().isPresent()
        ? new Codes(features.codebook().get(), codebook)
        : of(codebook);
  }

  /// The quantizer of features whose frames are codes.
  ///
  /// @throws DuovoxException (USAGE) when they are none
  static UnitQuantizer codes(FeatureLayer features) {
    String layer = features.stream().layer();
    return features
        .codebook()
        .map(vectors -> new Codes(vectors, null))
        .orElseThrow(() ->
            DuovoxException.usage(
                ("the layer '%s' has no %s beside its features, so its frames are no codes: name a"
                        + " codebook of duovox kmeans with --codebook FILE")
                    .formatted(layer, FeatureCodebook.fileName(layer))));
  }

  /// The quantizer of a file alone, for features that are no codes.
  static UnitQuantizer read(Path file) {
    if (!file.toString().endsWith(".npy")) {
      try (SafetensorsFile tensors = Safetensors.open(file)) {
        Optional<StagedCentroids> stages = StagedCentroids.find(tensors);
        if (stages.isPresent() && tensors.find(Codebook.TENSOR).isEmpty()) {
          StreamInfo stream = CodebookMetadata.stream(tensors.metadata(), file);
          return new Staged(stages.get(), stream, null);
        }
      }
    }
    return of(Codebook.read(file));
  }

  /// Where the features come from that a codebook file is for; of unknown origin when it does not
  /// say.
  static StreamInfo origin(Path file) {
    if (file.toString().endsWith(".npy")) {
      return CodebookMetadata.stream(Map.of(), file);
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      return CodebookMetadata.stream(tensors.metadata(), file);
    }
  }

  /// The quantizer that a codebook in memory is for.
  static UnitQuantizer of(Codebook codebook) {
    if (codebook.stages().isPresent()) {
      return new Staged(codebook.stages().get(), codebook.stream(), codebook);
    }
    if (codebook.joint().isPresent()) {
      throw DuovoxException.badData(
          "the codebook is of joint codes of a layer that holds codes; these features hold none");
    }
    return new Plain(codebook);
  }

  /// Where the features that it is for come from; of unknown origin when nothing says.
  default StreamInfo origin(FeatureLayer features) {
    return switch (this) {
      case Plain plain -> plain.codebook().stream();
      case Staged staged -> staged.stream();
      case Codes codes -> codes.codebook() == null ? features.stream() : codes.codebook().stream();
    };
  }

  /// The vocabulary made before, or null.
  default Codebook vocabulary() {
    return switch (this) {
      case Plain plain -> plain.codebook();
      case Staged staged -> staged.codebook();
      case Codes codes -> codes.codebook();
    };
  }
}
