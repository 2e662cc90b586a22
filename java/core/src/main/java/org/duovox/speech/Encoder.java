package org.duovox.speech;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.duovox.DuovoxException;
import org.duovox.io.Suggestions;

/// An encoder of speech: a pretrained network or a signal transform that turns an utterance into
/// the frames of one or more named layers.
///
/// Threads: [#encode] may be called by at most [#parallelism()] threads at once. An encoder whose
/// parallelism is 1 may be bound to the thread that created it; it is then called and closed on
/// that thread only.
public interface Encoder extends AutoCloseable {

  /// Samples per second that every encoder takes.
  int SAMPLE_RATE = 16_000;

  /// The name in manifests.
  String name();

  /// All layers on offer, from the input to the output.
  List<Layer> layers();

  /// SHA-256 over weights and settings; "" for an encoder without weights.
  String weightsSha256();

  /// Versions of the libraries it needs beside Duovox and libtorch, by name.
  default Map<String, String> versions() {
    return Map.of();
  }

  /// How samples are normalized before the first operation, in words.
  String normalization();

  /// How long audio is cut; "whole" when results equal those of one pass over the utterance.
  default String chunking() {
    return "whole";
  }

  /// The fewest samples that give each of these layers at least one frame.
  int minimumSamples(Collection<String> layers);

  /// How many threads may encode at once.
  default int parallelism() {
    return 1;
  }

  /// The most samples that one pass should take; longer utterances are cut into segments of at most
  /// this length. No limit by default.
  default int maxSegmentSamples() {
    return Integer.MAX_VALUE;
  }

  /// Encodes several utterances and returns their frames in order. An encoder that computes them
  /// together may differ from [#encode] in the last bits; beyond that no utterance influences
  /// another, and nothing is padded.
  ///
  /// Threads: as for [#encode]. One unusable utterance fails the whole call.
  default List<Map<String, Frames>> encodeAll(List<float[]> batch, Collection<String> layers) {
    return batch.stream().map(samples -> encode(samples, layers)).toList();
  }

  /// Encodes one utterance and returns the frames of each layer asked for, in that order.
  ///
  /// @param samples mono at 16 kHz, nominally in [-1, 1]
  /// @throws DuovoxException of kind BAD_DATA for fewer than [#minimumSamples] samples, BAD_CONFIG
  ///   for an unknown layer
  Map<String, Frames> encode(float[] samples, Collection<String> layers);

  /// The vectors that the codes of a layer stand for; empty for a layer whose frames are no codes.
  default Optional<FeatureCodebook> codebook(String layer) {
    return Optional.empty();
  }

  @Override
  void close();

  /// Returns the layer of this name.
  default Layer layer(String name) {
    List<String> names = layers().stream().map(Layer::name).toList();
    int index = names.indexOf(name);
    if (index >= 0) {
      return layers().get(index);
    }
    Optional<String> near = Suggestions.nearest(name, names);
    throw DuovoxException.config(
        "encoder %s has no layer \"%s\"; %sits layers are %s"
            .formatted(
                name(),
                name,
                near.map(n -> "did you mean \"" + n + "\"? ").orElse(""),
                String.join(", ", names)));
  }

  /// Returns the layers that a user's text names: "all", or names separated by commas.
  default List<Layer> select(String text) {
    if (text.strip().equals("all")) {
      return layers();
    }
    Map<String, Layer> chosen = new LinkedHashMap<>();
    for (String name : text.split(",", -1)) {
      chosen.put(name.strip(), layer(name.strip()));
    }
    return new ArrayList<>(chosen.values());
  }

  /// Refuses an utterance that is too short for the layers.
  default void requireLength(int samples, Collection<String> layers) {
    int least = minimumSamples(layers);
    if (samples < least) {
      throw DuovoxException.badData(
          "too short: %d samples (%.1f ms); %s of %s needs at least %d (%.1f ms)"
              .formatted(
                  samples,
                  samples * 1000.0 / SAMPLE_RATE,
                  String.join(", ", layers),
                  name(),
                  least,
                  least * 1000.0 / SAMPLE_RATE));
    }
  }

  /// The smallest positive number of samples that `enough` holds for.
  ///
  /// @param enough must hold for every larger number too
  static int fewestSamples(IntPredicate enough) {
    int low = 0;
    int high = 1;
    while (!enough.test(high)) {
      low = high;
      high = Math.multiplyExact(high, 2);
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (enough.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
