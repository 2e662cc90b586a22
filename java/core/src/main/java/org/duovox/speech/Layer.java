package org.duovox.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/// A layer of an encoder: one representation of speech. Frame k is centered at `offset_ms + k *
/// interval_ms` of the audio.
///
/// @param name unique within its encoder, without `/`
/// @param width values per frame
/// @param intervalMs milliseconds between the centers of two frames
/// @param offsetMs center of frame 0 in milliseconds; may be negative
/// @param receptiveField what a frame sees; null when unknown
public record Layer(
    String name,
    int width,
    double intervalMs,
    double offsetMs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("receptive_field_ms")
        ReceptiveField receptiveField) {

  /// A layer of unknown receptive field.
  public Layer(String name, int width, double intervalMs, double offsetMs) {
    this(name, width, intervalMs, offsetMs, null);
  }

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

  /// The name that a user's text means: a number stands for the hidden state or context level of
  /// that number, `conv` for the output of the convolutions.
  ///
  /// @param names of all layers
  /// @return one of the names; the text itself when it is a name or stands for none
  public static String resolve(String text, Collection<String> names) {
    if (names.contains(text)) {
      return text;
    }
    List<String> meant =
        text.matches("\\d{1,4}")
            ? List.of(
                "hidden_state_" + Integer.parseInt(text), "context_level_" + Integer.parseInt(text))
            : text.equals("conv") ? List.of("encoded") : List.of();
    return meant.stream().filter(names::contains).findFirst().orElse(text);
  }
}
