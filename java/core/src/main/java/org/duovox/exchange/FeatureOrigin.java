package org.duovox.exchange;

import java.util.Map;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.units.StreamLength;

/// What imported features do not tell: where they come from and when their frames happen.
///
/// @param encoder name, or "" when unknown
/// @param layer name of the layer in the feature folder
public record FeatureOrigin(String encoder, String layer, double intervalMs, double offsetMs) {

  FeatureProvenance origin() {
    return new FeatureProvenance(encoder, "", "", StreamLength.IMPORTED, Map.of());
  }

  Layer layer(int width) {
    return new Layer(layer, width, intervalMs, offsetMs);
  }
}
