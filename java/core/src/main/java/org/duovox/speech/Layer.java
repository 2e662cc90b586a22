package org.duovox.speech;

import java.util.Objects;

/// One representation that an encoder offers; frame k is centred at `offset_ms + k * interval_ms`
/// of the audio.
///
/// @param name unique within its encoder, without `/`
/// @param width values per frame
/// @param intervalMs milliseconds between the centres of two frames
/// @param offsetMs centre of frame 0 in milliseconds; may be negative
public record Layer(String name, int width, double intervalMs, double offsetMs) {

  public Layer {
    Objects.requireNonNull(name, "name");
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("layer name '" + name + "': empty or with a '/'");
    }
    if (width <= 0 || !(intervalMs > 0) || !Double.isFinite(offsetMs)) {
      throw new IllegalArgumentException(
          "layer %s: width %d, interval %s ms, offset %s ms"
              .formatted(name, width, intervalMs, offsetMs));
    }
  }
}
