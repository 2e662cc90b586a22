package org.duovox.model.embed;

import com.fasterxml.jackson.annotation.JsonProperty;
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
public record EmbedConfig(int layer, Channel channel, boolean special, int batchSize) {

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
    if (layer < -1) {
      throw DuovoxException.config("embed: layer must be -1 (last) or from 0 on, but is " + layer);
    }
    if (batchSize < 1 || batchSize > 4096) {
      throw DuovoxException.config("embed: batch_size must be 1 to 4096, but is " + batchSize);
    }
  }

  /// Last layer, contextual channel, all rows.
  public static EmbedConfig defaults() {
    return new EmbedConfig(-1, Channel.CONTEXTUAL, true, 16);
  }
}
