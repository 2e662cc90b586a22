package org.duovox.model.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Set;
import org.duovox.DuovoxException;

/// The settings of `duovox embed`: which hidden states are computed.
///
/// @param layer 0 = input of the first layer, i = output of layer i, -1 = last; the ZeroSpeech
///   baseline took 4 of 8
/// @param channel contextual, phonetic or both side by side; single-stream models have the
///   contextual one only
/// @param special whether the rows of CLS and SEP are kept, as by the ZeroSpeech 2021 baselines;
///   true
/// @param batchSize utterances computed together; 16; no effect on the result beyond rounding
/// @param average layers whose mean is taken in place of `layer`; empty: none
public record EmbedConfig(
    int layer,
    Channel channel,
    boolean special,
    int batchSize,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> average) {

  /// The channels of a model; the order is that of `duovox_channel`.
  public enum Channel {
    @JsonProperty("contextual")
    CONTEXTUAL,
    @JsonProperty("phonetic")
    PHONETIC,
    @JsonProperty("both")
    BOTH
  }

  public EmbedConfig {
    average = average == null ? List.of() : List.copyOf(average);
    requireLayer(layer);
    average.forEach(EmbedConfig::requireLayer);
    if (Set.copyOf(average).size() < average.size()) {
      throw DuovoxException.config("embed: a layer is named twice in " + average);
    }
    if (batchSize < 1 || batchSize > 4096) {
      throw DuovoxException.config("embed: batch_size must be 1 to 4096, but is " + batchSize);
    }
  }

  /// One layer.
  public EmbedConfig(int layer, Channel channel, boolean special, int batchSize) {
    this(layer, channel, special, batchSize, List.of());
  }

  /// Returns the layers to compute: one, or those that are averaged.
  List<Integer> layers() {
    return average.isEmpty() ? List.of(layer) : average;
  }

  private static void requireLayer(int layer) {
    if (layer < -1) {
      throw DuovoxException.config("embed: layer must be -1 (last) or from 0 on, but is " + layer);
    }
  }

  /// Last layer, contextual channel, all rows.
  public static EmbedConfig defaults() {
    return new EmbedConfig(-1, Channel.CONTEXTUAL, true, 16);
  }
}
