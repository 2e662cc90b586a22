package org.duovox.speech;

import java.util.LinkedHashMap;
import java.util.Map;

/// What made the frames of a feature set: what its manifest says of it, and the vectors of its code
/// layers.
///
/// @param codes the vectors of the layers whose frames are codes
public record FeatureProvenance(
    String encoder,
    String weightsSha256,
    String normalisation,
    String chunking,
    Map<String, FeatureCodebook> codes) {
  static FeatureProvenance of(Encoder encoder, ExtractionOptions options) {
    Map<String, FeatureCodebook> codes = new LinkedHashMap<>();
    for (Layer layer : options.layers()) {
      encoder.codebook(layer.name()).ifPresent(vectors -> codes.put(layer.name(), vectors));
    }
    return new FeatureProvenance(
        encoder.name(),
        encoder.weightsSha256(),
        encoder.normalisation(),
        options.chunking(encoder),
        codes);
  }

  /// That of a feature set on disk.
  static FeatureProvenance of(FeatureSet set) {
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
        codes);
  }
}
