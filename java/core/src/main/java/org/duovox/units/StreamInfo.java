package org.duovox.units;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.Present;
import org.duovox.speech.ReceptiveField;

/// The origin and the frame times of a stream: what two files must agree on to belong together.
///
/// Frame k is centered at `offset_ms + k * interval_ms` from the start of the audio. Times are
/// computed in whole picoseconds, so any decimal of up to nine places is exact and nothing drifts
/// over hours.
///
/// @param encoder name of the encoder, or "" when unknown (an imported codebook)
/// @param layer name of its layer
/// @param weightsSha256 sum over the encoder's weight files; "" for an encoder without weights
/// @param normalization what was done to the audio or the features
/// @param chunking how long audio was cut
/// @param intervalMs milliseconds between frame centers, positive
/// @param offsetMs center of frame 0 in milliseconds
/// @param receptiveField what a frame sees; null when unknown, as for imported streams, codebooks
///   and files of earlier versions
public record StreamInfo(
    String encoder,
    String layer,
    String weightsSha256,
    @JsonProperty("normalisation") String normalization,
    String chunking,
    double intervalMs,
    double offsetMs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("receptive_field_ms")
        ReceptiveField receptiveField) {
  private static final double PICOSECONDS_PER_MS = 1e9;
  // More than an hour between two frames or before the first is a mistake; the bound keeps the
  // arithmetic within 64 bits.
  private static final double LONGEST_MS = 3.6e6;

  public StreamInfo {
    Present.require("encoder", encoder, "layer", layer, "weights_sha256", weightsSha256);
    Present.require("normalisation", normalization, "chunking", chunking);
    if (!(intervalMs > 0) || intervalMs > LONGEST_MS) {
      throw DuovoxException.badData(
          "interval_ms must be above 0 and at most an hour, but is " + intervalMs);
    }
    if (!(Math.abs(offsetMs) <= LONGEST_MS)) {
      throw DuovoxException.badData("offset_ms must be within an hour, but is " + offsetMs);
    }
  }

  /// A stream of unknown receptive field.
  public StreamInfo(
      String encoder,
      String layer,
      String weightsSha256,
      String normalization,
      String chunking,
      double intervalMs,
      double offsetMs) {
    this(encoder, layer, weightsSha256, normalization, chunking, intervalMs, offsetMs, null);
  }

  /// What a frame sees; empty when unknown.
  public Optional<ReceptiveField> sees() {
    return Optional.ofNullable(receptiveField);
  }

  /// The same with an unknown receptive field, which is no part of the origin: sums of it are those
  /// of earlier versions.
  public StreamInfo unseeing() {
    return new StreamInfo(
        encoder, layer, weightsSha256, normalization, chunking, intervalMs, offsetMs);
  }

  /// Picoseconds between frame centers.
  public long interval() {
    return Math.max(1, Math.round(intervalMs * PICOSECONDS_PER_MS));
  }

  /// Center of frame 0 in picoseconds.
  public long offset() {
    return Math.round(offsetMs * PICOSECONDS_PER_MS);
  }

  /// Whether the encoder is known (it is not for an imported codebook without metadata).
  public boolean hasOrigin() {
    return !encoder.isEmpty();
  }

  /// Encoder and layer, for readers.
  public String name() {
    String name = (encoder + " " + layer).strip();
    return name.isEmpty() ? "unknown encoder" : name;
  }

  /// Whether the stream was imported, so that an empty component means "unknown".
  public boolean isImported() {
    return chunking.equals(StreamLength.IMPORTED);
  }

  /// Says in words how the origin of this stream differs from another's; "" when both come from the
  /// same features, as far as is known.
  public String difference(StreamInfo other) {
    boolean guess = isImported() || other.isImported();
    return guess ? filled(other).differs(other.filled(this)) : differs(other);
  }

  /// This stream with unknown components taken from another.
  private StreamInfo filled(StreamInfo other) {
    return new StreamInfo(
        encoder.isEmpty() ? other.encoder : encoder,
        encoder.isEmpty() ? other.layer : layer,
        weightsSha256.isEmpty() ? other.weightsSha256 : weightsSha256,
        normalization.isEmpty() ? other.normalization : normalization,
        chunking,
        intervalMs,
        offsetMs,
        receptiveField);
  }

  private String differs(StreamInfo other) {
    if (!encoder.equals(other.encoder)) {
      return "encoder '%s' against '%s'".formatted(encoder, other.encoder);
    }
    if (!layer.equals(other.layer)) {
      return "layer '%s' against '%s'".formatted(layer, other.layer);
    }
    if (!weightsSha256.equals(other.weightsSha256)) {
      return "weights %s against %s".formatted(weightsSha256, other.weightsSha256);
    }
    if (!normalization.equals(other.normalization)) {
      return "normalisation '%s' against '%s'".formatted(normalization, other.normalization);
    }
    if (interval() != other.interval() || offset() != other.offset()) {
      return "frame times %s against %s".formatted(times(), other.times());
    }
    return "";
  }

  private String times() {
    return String.format(Locale.ROOT, "%s ms from %s ms", intervalMs, offsetMs);
  }
}
