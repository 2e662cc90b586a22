package org.duovox.model.embed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.units.corpus.Corpus;

/// Computes hidden states of utterances in evaluation mode.
///
/// Utterances come out in order of length, so that those of a batch are about equally long. An
/// utterance that is cut into windows comes out whole: the rows of its windows in order, with the
/// CLS of the first and the SEP of the last window only.
public final class Embedder {
  /// Hidden states of one utterance.
  ///
  /// @param id of the utterance
  /// @param rows tokens, CLS and SEP included where they were asked for
  /// @param width hidden width, twice that for both channels
  /// @param values (rows, width) row-major
  @SuppressWarnings("ArrayRecordComponent") // On its way to a file; copying would only cost.
  public record Embedding(String id, int rows, int width, float[] values) {}

  private final UnitModel model;
  private final EmbedConfig config;
  private final int width;

  public Embedder(UnitModel model, EmbedConfig config) {
    this.model = model;
    this.config = config;
    int layers = model.config().layers();
    for (int layer : config.layers()) {
      if (layer > layers) {
        throw DuovoxException.config(
            "embed: layer must be -1 to %d, but is %d".formatted(layers, layer));
      }
    }
    if (!model.config().bothStreams() && config.channel() != Channel.CONTEXTUAL) {
      throw DuovoxException.config(
          "embed: a model of a single stream has only the channel 'contextual'");
    }
    this.width = model.config().hidden() * (config.channel() == Channel.BOTH ? 2 : 1);
  }

  /// Passes every utterance's hidden states to `sink`.
  ///
  /// @throws DuovoxException (BAD_DATA) when the corpus has other units than the model
  public void embed(Corpus corpus, Consumer<Embedding> sink) {
    Corpus view = model.card().view(corpus);
    List<List<Window>> batches = batches(view);
    if (batches.isEmpty()) {
      return;
    }
    BatchWriter.Sizes sizes = BatchWriter.Sizes.of(view, batches);
    Device device = model.nativeModel().device();
    try (NativeRing ring =
        new NativeRing(1, sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), device)) {
      BatchWriter writer = new BatchWriter(model.ids());
      for (List<Window> batch : batches) {
        NativeRing.Shape shape = writer.write(ring.slots().getFirst(), view, batch, w -> 0);
        emit(view, batch, shape.tokens(), states(ring, shape), sink);
      }
    }
  }

  /// Returns the hidden states of a layer, or the mean of several.
  private float[] states(NativeRing ring, NativeRing.Shape shape) {
    List<Integer> layers = config.layers();
    float[] sum = encode(ring, shape, layers.getFirst());
    for (int layer : layers.subList(1, layers.size())) {
      float[] states = encode(ring, shape, layer);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += states[i];
      }
    }
    for (int i = 0; i < sum.length && layers.size() > 1; i++) {
      sum[i] /= layers.size();
    }
    return sum;
  }

  private float[] encode(NativeRing ring, NativeRing.Shape shape, int layer) {
    return model.nativeModel().encode(ring, shape, layer, config.channel().ordinal());
  }

  /// Returns all hidden states, in the order of the corpus.
  public List<Embedding> embed(Corpus corpus) {
    Map<String, Embedding> byId = new HashMap<>();
    embed(corpus, embedding -> byId.put(embedding.id(), embedding));
    return corpus.utterances().stream().map(utterance -> byId.get(utterance.id())).toList();
  }

  /// Batches by length; an utterance of several windows is a batch of its own.
  private List<List<Window>> batches(Corpus view) {
    List<List<Window>> batches = new ArrayList<>();
    List<Window> whole = new ArrayList<>();
    for (int i = 0; i < view.size(); i++) {
      List<Window> windows = Window.cut(i, view.utterance(i), model.config());
      if (windows.size() == 1) {
        whole.add(windows.getFirst());
      } else {
        batches.add(windows);
      }
    }
    whole.sort(Comparator.comparingInt(Window::positions));
    for (int from = 0; from < whole.size(); from += config.batchSize()) {
      batches.add(whole.subList(from, Math.min(whole.size(), from + config.batchSize())));
    }
    return batches;
  }

  private void emit(
      Corpus view, List<Window> batch, int tokens, float[] states, Consumer<Embedding> sink) {
    for (int row = 0; row < batch.size(); ) {
      int last = row;
      while (last + 1 < batch.size()
          && batch.get(last + 1).utterance() == batch.get(row).utterance()) {
        last++;
      }
      String id = view.utterance(batch.get(row).utterance()).id();
      float[] values = rows(batch, row, last, tokens, states);
      sink.accept(new Embedding(id, values.length / width, width, values));
      row = last + 1;
    }
  }

  private float[] rows(List<Window> batch, int first, int last, int tokens, float[] states) {
    // Room for all rows of these windows; those that are left out are cut off at the end.
    int positions = 0;
    for (int row = first; row <= last; row++) {
      positions += batch.get(row).positions();
    }
    float[] values = new float[positions * width];
    int size = 0;
    for (int row = first; row <= last; row++) {
      int from = config.special() && row == first ? 0 : 1;
      int to = batch.get(row).positions() - (config.special() && row == last ? 0 : 1);
      int count = (to - from) * width;
      System.arraycopy(states, (row * tokens + from) * width, values, size, count);
      size += count;
    }
    return Arrays.copyOf(values, size);
  }
}
