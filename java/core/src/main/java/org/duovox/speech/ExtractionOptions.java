package org.duovox.speech;

import java.util.List;
import org.duovox.DuovoxException;

/// How features are extracted.
///
/// @param layers to write, in this order, at least one
/// @param maxBadFraction share of utterances that may be unusable before the run fails, in [0, 1]
/// @param shardBytes size at which a tensor file is closed
public record ExtractionOptions(List<Layer> layers, double maxBadFraction, long shardBytes) {
  /// One utterance in ten: a broken file must not end a long run, a wrong folder must not pass for
  /// data.
  public static final double MAX_BAD_FRACTION = 0.1;

  public ExtractionOptions {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw DuovoxException.config("no layer to extract was named");
    }
    if (!(maxBadFraction >= 0 && maxBadFraction <= 1)) {
      throw DuovoxException.config("max_bad_fraction must be in [0, 1], but is " + maxBadFraction);
    }
    if (shardBytes <= 0) {
      throw DuovoxException.config("shards need at least one byte, not " + shardBytes);
    }
  }

  public static ExtractionOptions of(List<Layer> layers) {
    return new ExtractionOptions(layers, MAX_BAD_FRACTION, FeatureWriter.SHARD_BYTES);
  }
}
