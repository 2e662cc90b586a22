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

/// A rule that turns frames into units.
public sealed interface UnitQuantizer {

  /// Every frame becomes the code of its nearest centroid.
  record Plain(Codebook codebook) implements UnitQuantizer {}

  /// Residual or product k-means: every combination of stage codes that occurs is a unit.
  ///
  /// @param stream the features that the stages were fitted on
  /// @param codebook a given vocabulary, or null for the combinations that occur
  record Staged(StagedCentroids stages, StreamInfo stream, Codebook codebook)
      implements UnitQuantizer {}

  /// The frames are codes already. A single code per frame is the unit; of several codes, every
  /// combination that occurs is a unit.
  ///
  /// @param vectors that the codes stand for
  /// @param codebook a given vocabulary, or null for the codes or the combinations that occur
  record Codes(FeatureCodebook vectors, Codebook codebook) implements UnitQuantizer {}

  /// Returns the quantizer of a codebook file for these features.
  ///
  /// @param file of `kmeans`, of a unit set, or with `cluster_centers_` from elsewhere; null for
  ///   features that are codes
  static UnitQuantizer of(Path file, FeatureLayer features) {
    if (features.codebook().isPresent()) {
      return new Codes(features.codebook().get(), file == null ? null : Codebook.read(file));
    }
    return file == null ? codes(features) : read(file);
  }

  /// Returns the quantizer of a codebook in memory for these features.
  static UnitQuantizer of(Codebook codebook, FeatureLayer features) {
    return features.codebook().isPresent()
        ? new Codes(features.codebook().get(), codebook)
        : of(codebook);
  }

  /// Returns the quantizer of features whose frames are codes.
  ///
  /// @throws DuovoxException (USAGE) when the frames are no codes
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

  /// Reads the quantizer of a codebook file, for features that are no codes.
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

  /// Reads the origin of the features that a codebook file was fitted on; unknown when the file
  /// does not say.
  static StreamInfo origin(Path file) {
    if (file.toString().endsWith(".npy")) {
      return CodebookMetadata.stream(Map.of(), file);
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      return CodebookMetadata.stream(tensors.metadata(), file);
    }
  }

  /// Returns the quantizer of a codebook in memory, for features that are no codes.
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

  /// The origin of the features that this quantizer was fitted on; unknown when nothing says.
  default StreamInfo origin(FeatureLayer features) {
    return switch (this) {
      case Plain plain -> plain.codebook().stream();
      case Staged staged -> staged.stream();
      case Codes codes -> codes.codebook() == null ? features.stream() : codes.codebook().stream();
    };
  }

  /// The given vocabulary, or null.
  default Codebook vocabulary() {
    return switch (this) {
      case Plain plain -> plain.codebook();
      case Staged staged -> staged.codebook();
      case Codes codes -> codes.codebook();
    };
  }
}
