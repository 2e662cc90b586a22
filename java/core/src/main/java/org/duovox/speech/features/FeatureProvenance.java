package org.duovox.speech.features;

import java.util.LinkedHashMap;
import java.util.Map;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;

/// The origin of a feature set: encoder and settings as its manifest records them, and the vectors
/// of its code layers.
///
/// @param batchSeconds most audio that was encoded together; 0 when every utterance was encoded by
///   itself
/// @param codes the vectors of the layers whose frames are codes
public record FeatureProvenance(
    String encoder,
    String weightsSha256,
    String normalization,
    String chunking,
    double batchSeconds,
    Map<String, FeatureCodebook> codes) {
  /// The origin of utterances that were encoded one by one.
  public FeatureProvenance(
      String encoder,
      String weightsSha256,
      String normalization,
      String chunking,
      Map<String, FeatureCodebook> codes) {
    this(encoder, weightsSha256, normalization, chunking, 0, codes);
  }

  /// The origin of a feature set on disk.
  public static FeatureProvenance of(FeatureSet set) {
    FeatureManifest manifest = set.manifest();
    Map<String, FeatureCodebook> codes = new LinkedHashMap<>();
    for (Layer layer : manifest.layers()) {
      set.codebook(layer.name()).ifPresent(vectors -> codes.put(layer.name(), vectors));
    }
    return new FeatureProvenance(
        manifest.encoder(),
        manifest.weightsSha256(),
        manifest.normalization(),
        manifest.chunking(),
        manifest.batchSeconds(),
        codes);
  }
}
