package org.duovox.speech.extract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.speech.Encoder;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureWriter;

/// Settings of an extraction.
///
/// @param layers to write, in this order, at least one
/// @param maxBadFraction share of utterances that may be unusable before the run fails, in [0, 1]
/// @param shardBytes size at which a tensor file is closed
/// @param maxSegmentSeconds longer utterances are cut into segments of at most this length; 0 for
///   never, [#ENCODERS_SEGMENT] for the limit of the encoder
/// @param batchSeconds most audio that is encoded together; 0 encodes every utterance by itself, so
///   that no bit depends on its neighbors
public record ExtractionOptions(
    List<Layer> layers,
    double maxBadFraction,
    long shardBytes,
    double maxSegmentSeconds,
    double batchSeconds) {
  /// One utterance in ten: a broken file must not end a long run, a wrong folder must not pass for
  /// data.
  public static final double MAX_BAD_FRACTION = 0.1;

  /// The value of `maxSegmentSeconds` that leaves the limit to the encoder.
  public static final double ENCODERS_SEGMENT = -1;

  private static final double DAY = 86_400;

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
    if (!(maxSegmentSeconds == ENCODERS_SEGMENT
        || (maxSegmentSeconds >= 0 && maxSegmentSeconds <= DAY))) {
      throw DuovoxException.config(
          "a segment must be 0 (never cut) to a day long, but is %s s"
              .formatted(maxSegmentSeconds));
    }
    if (!(batchSeconds >= 0 && batchSeconds <= DAY)) {
      throw DuovoxException.config(
          "a batch must be 0 (none) to a day of audio, but is %s s".formatted(batchSeconds));
    }
  }

  /// Options with the segments of the encoder and without batches.
  public ExtractionOptions(List<Layer> layers, double maxBadFraction, long shardBytes) {
    this(layers, maxBadFraction, shardBytes, ENCODERS_SEGMENT, 0);
  }

  /// The defaults.
  public static ExtractionOptions of(List<Layer> layers) {
    return new ExtractionOptions(layers, MAX_BAD_FRACTION, FeatureWriter.SHARD_BYTES);
  }

  /// The same with long utterances cut into segments of at most this many seconds.
  public ExtractionOptions withMaxSegment(double seconds) {
    return new ExtractionOptions(layers, maxBadFraction, shardBytes, seconds, batchSeconds);
  }

  /// The same with batches of at most this many seconds of audio.
  public ExtractionOptions withBatches(double seconds) {
    return new ExtractionOptions(layers, maxBadFraction, shardBytes, maxSegmentSeconds, seconds);
  }

  /// How long utterances are cut for an encoder.
  Segments segments(Encoder encoder) {
    if (maxSegmentSeconds == ENCODERS_SEGMENT) {
      int own = encoder.maxSegmentSamples();
      return Segments.of(encoder, layers, own == Integer.MAX_VALUE ? 0 : own);
    }
    return Segments.of(encoder, layers, (long) (maxSegmentSeconds * Encoder.SAMPLE_RATE));
  }

  /// How long audio is cut, in the words of manifests.
  public String chunking(Encoder encoder) {
    return segments(encoder).describe(encoder.chunking());
  }

  /// What a feature set of these options says of its origin.
  FeatureProvenance provenance(Encoder encoder) {
    Map<String, FeatureCodebook> codes = new LinkedHashMap<>();
    for (Layer layer : layers) {
      encoder.codebook(layer.name()).ifPresent(vectors -> codes.put(layer.name(), vectors));
    }
    return new FeatureProvenance(
        encoder.name(),
        encoder.weightsSha256(),
        encoder.normalization(),
        chunking(encoder),
        batchSeconds,
        codes);
  }
}
