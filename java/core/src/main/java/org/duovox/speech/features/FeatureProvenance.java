package org.duovox.speech.features;

import java.util.LinkedHashMap;
import java.util.Map;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;

/// What made the frames of a feature set: what its manifest says of it, and the vectors of its code
/// layers.
///
/// @param batchSeconds audio that was encoded together at most; 0: every utterance by itself
/// @param codes the vectors of the layers whose frames are codes
public record FeatureProvenance(
    String encoder,
    String weightsSha256,
    String normalisation,
    String chunking,
    double batchSeconds,
    Map<String, FeatureCodebook> codes) {
  /// Of utterances that were encoded one by one.
  public FeatureProvenance(
      String encoder,
      String weightsSha256,
      String normalisation,
      String chunking,
      Map<String, FeatureCodebook> codes) {
    this(encoder, weightsSha256, normalisation, chunking, 0, codes);
  }

  /// That of a feature set on disk.
  public static FeatureProvenance of(FeatureSet set) {
    FeatureManifest manifest = set.manifest();
    Map<String, FeatureCodebook> codes = new LinkedHashMap<>();
    for (Layer layer : manifest.layers()) {
      set.codebook(layer.name()).ifPresent(vectors -> codes.put(layer.name(), vectors));
    }
    return new FeatureProvenance(
        manifest.encoder(),
        manifest.weightsSha256(),
        manifest.normalisation(),
        manifest.chunking(),
        manifest.batchSeconds(),
        codes);
  }
}
