package org.duovox.speech.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Utterance;

/// A bounded stretch of the manifest whose utterances are encoded in batches of similar length. For
/// one thread.
///
/// Nothing is padded. Which utterances meet in a batch depends on the manifest and the settings
/// alone, never on threads or timing.
///
/// @param <P> what is kept of a piece
final class BatchWindow<P> {
  private static final int BATCHES = 8;
  private static final int UTTERANCES = 1024;

  private final UtterancePipeline<P> pipeline;
  private final ExtractionPool pool;
  private final long batchSamples;
  private final List<Utterance> utterances = new ArrayList<>();
  private final List<Outcome<P>> outcomes = new ArrayList<>();
  private long samples;

  /// @param batchSamples most samples of a batch; a longer utterance is a batch by itself
  BatchWindow(UtterancePipeline<P> pipeline, ExtractionPool pool, long batchSamples) {
    this.pipeline = pipeline;
    this.pool = pool;
    this.batchSamples = batchSamples;
  }

  /// Adds the next utterance with what loading it gave.
  void add(Utterance utterance, Outcome<P> outcome) {
    utterances.add(utterance);
    outcomes.add(outcome);
    if (outcome instanceof Outcome.Loaded<P>(float[] audio)) {
      samples += audio.length;
    }
  }

  boolean isFull() {
    return samples >= BATCHES * batchSamples || utterances.size() >= UTTERANCES;
  }

  /// Encodes all that was added, hands over the outcomes in the order of the manifest and empties
  /// the window.
  void flush(BiConsumer<Utterance, Outcome<P>> receiver) {
    encode();
    for (int i = 0; i < utterances.size(); i++) {
      Outcome<P> outcome = outcomes.set(i, null); // Free for the collector once it is written.
      receiver.accept(utterances.get(i), outcome);
    }
    utterances.clear();
    outcomes.clear();
    samples = 0;
  }

  private void encode() {
    List<int[]> batches = batches();
    if (!pool.shared()) {
      batches.forEach(batch -> store(batch, encode(batch)));
      return;
    }
    List<CompletableFuture<List<Outcome<P>>>> futures =
        batches.stream().map(batch -> pool.submit(() -> encode(batch))).toList();
    for (int i = 0; i < batches.size(); i++) {
      store(batches.get(i), pool.get(futures.get(i)));
    }
  }

  private void store(int[] batch, List<Outcome<P>> results) {
    for (int i = 0; i < batch.length; i++) {
      outcomes.set(batch[i], results.get(i));
    }
  }

  /// Indices of the utterances of each batch, from the shortest utterances to the longest.
  private List<int[]> batches() {
    int[] order =
        IntStream.range(0, outcomes.size())
            .filter(i -> outcomes.get(i) instanceof Outcome.Loaded)
            .boxed()
            .sorted(Comparator.comparingInt(this::length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int begin = 0;
    long sum = 0;
    for (int i = 0; i < order.length; i++) {
      if (i > begin && sum + length(order[i]) > batchSamples) {
        batches.add(Arrays.copyOfRange(order, begin, i));
        begin = i;
        sum = 0;
      }
      sum += length(order[i]);
    }
    if (begin < order.length) {
      batches.add(Arrays.copyOfRange(order, begin, order.length));
    }
    return batches;
  }

  private int length(int index) {
    return ((Outcome.Loaded<P>) outcomes.get(index)).samples().length;
  }

  private List<Outcome<P>> encode(int[] batch) {
    List<float[]> audio = new ArrayList<>();
    for (int index : batch) {
      audio.add(((Outcome.Loaded<P>) outcomes.get(index)).samples());
    }
    try {
      return batch.length == 1 ? List.of(single(batch[0])) : pipeline.encodeAll(audio);
    } catch (DuovoxException e) {
      Outcome.reasonOrRethrow(e); // One of them cannot be used: find out which.
      return Arrays.stream(batch).mapToObj(this::single).toList();
    }
  }

  private Outcome<P> single(int index) {
    return pipeline.encode(utterances.get(index), outcomes.get(index));
  }
}
