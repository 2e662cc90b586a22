package org.duovox.slu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.units.corpus.Corpus;

/// The hidden states of utterances in several layers, each pooled over the tokens, CLS and SEP
/// included, as the classification head of a model pools them.
///
/// Pooling by the mean or by CLS commutes with a weighted sum of layers, so that states are
/// computed and kept once, whatever the weights become.
///
/// @param layers how many
/// @param width values of a layer
/// @param values (utterances) of (layers, width) each, row-major
@SuppressWarnings("ArrayRecordComponent") // Large, and never changed.
record PooledStates(int layers, int width, float[][] values) {
  private static final int BATCH = 32;

  // Beyond this share of the heap there is no room to work in.
  private static final double MOST_OF_HEAP = 0.7;

  /// Computes the states of all utterances, in corpus order.
  ///
  /// @param done receives the number of layers that are done
  /// @throws DuovoxException (UNAVAILABLE) when they do not fit into the memory of the JVM
  static PooledStates of(UnitModel model, Corpus corpus, ProbeConfig config, IntConsumer done) {
    List<Integer> layers = config.layersOf(model.config());
    EmbedConfig.Channel channel = config.channelOf(model.config());
    int width = model.config().hidden() * (channel == EmbedConfig.Channel.BOTH ? 2 : 1);
    requireRoom(corpus.size(), layers.size(), width);
    Map<String, Integer> places = new HashMap<>();
    corpus.utterances().forEach(utterance -> places.put(utterance.id(), places.size()));
    float[][] values = new float[corpus.size()][layers.size() * width];
    for (int l = 0; l < layers.size(); l++) {
      int at = l * width;
      new Embedder(model, new EmbedConfig(layers.get(l), channel, true, BATCH))
          .embed(corpus, e -> pool(e, config.pooling(), values[places.get(e.id())], at));
      done.accept(l + 1);
    }
    return new PooledStates(layers.size(), width, values);
  }

  private static void requireRoom(int utterances, int layers, int width) {
    long bytes = (long) utterances * layers * width * Float.BYTES;
    long most = (long) (MOST_OF_HEAP * Runtime.getRuntime().maxMemory());
    if (bytes > most) {
      throw DuovoxException.unavailable(
          ("the pooled states of %d utterances, %d layers of %d values, need %d MB, and the JVM may"
                  + " take %d MB; take fewer layers (probe.layers), or start it with a larger -Xmx")
              .formatted(utterances, layers, width, bytes >> 20, most >> 20));
    }
  }

  private static void pool(Embedding states, SequencePooling how, float[] into, int at) {
    int width = states.width();
    for (int d = 0; d < width; d++) {
      double sum = states.values()[d];
      for (int row = 1; how != SequencePooling.CLS && row < states.rows(); row++) {
        float value = states.values()[row * width + d];
        sum = how == SequencePooling.MEAN ? sum + value : Math.max(sum, value);
      }
      into[at + d] = (float) (how == SequencePooling.MEAN ? sum / states.rows() : sum);
    }
  }

  /// Returns the number of utterances.
  int size() {
    return values.length;
  }

  /// Returns the states of some utterances, in the order of the indices.
  PooledStates select(int[] indices) {
    float[][] selected = new float[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      selected[i] = values[indices[i]];
    }
    return new PooledStates(layers, width, selected);
  }
}
