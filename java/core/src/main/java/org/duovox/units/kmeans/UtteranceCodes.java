package org.duovox.units.kmeans;

import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.duovox.internal.NativeRows;
import org.duovox.units.FeatureLayer;
import org.duovox.units.UtteranceInfo;

/// Computes the codes of utterances, one after the other. Batches end with an utterance, so that
/// its codes do not depend on others.
public final class UtteranceCodes implements AutoCloseable {
  private static final long BATCH_BYTES = 32L << 20;
  private static final int STATISTICS_FRAMES = 10_000; // About.

  /// Receives the codes (frames, groups) of an utterance.
  public interface Sink {
    void accept(int utterance, int[] codes);
  }

  private final FeatureLayer features;
  private final ObjIntConsumer<NativeRows> prepare;
  private final Coder coder;
  private final RowBatches batches;
  private final FrameStatistics statistics;
  private final int step;
  private int utterance;
  private int frame;
  private int[] codes;

  /// @param prepare changes rows before they are used
  public UtteranceCodes(
      FeatureLayer features, UnitQuantizer quantizer, ObjIntConsumer<NativeRows> prepare) {
    this.prepare = prepare;
    int rows = batch(features);
    this.features = features;
    this.coder = Coder.of(quantizer, rows);
    this.batches = new RowBatches(features, rows);
    long frames = features.utterances().stream().mapToLong(UtteranceInfo::frames).sum();
    this.statistics = new FrameStatistics(features.width());
    this.step = (int) Math.max(1, Math.min(rows, frames / STATISTICS_FRAMES));
  }

  private static int batch(FeatureLayer features) {
    int longest = features.utterances().stream().mapToInt(UtteranceInfo::frames).max().orElse(1);
    long most = Math.max(64, BATCH_BYTES / Float.BYTES / features.width());
    return (int) Math.max(1, Math.min(longest, most));
  }

  public Coder coder() {
    return coder;
  }

  /// Statistics of the frames that were read.
  public FrameStatistics statistics() {
    return statistics;
  }

  /// Computes the codes of these utterances in one pass.
  public void forEach(int[] chosen, Sink sink) {
    int[] next = {0};
    batches.forEachApart(
        IntStream.of(chosen).iterator(),
        (rows, count) -> {
          prepare.accept(rows, count);
          next[0] = skipEmpty(chosen, next[0], sink);
          utterance = chosen[next[0]];
          int frames = features.utterances().get(utterance).frames();
          if (frame == 0) {
            codes = new int[frames * coder.groups()];
          }
          if (statistics.frames() < 2L * STATISTICS_FRAMES) {
            statistics.add(rows, count, step);
          }
          int[] batch = coder.codes(rows, count, features.utterances().get(utterance).id(), frame);
          System.arraycopy(batch, 0, codes, frame * coder.groups(), batch.length);
          frame += count;
          if (frame == frames) {
            sink.accept(utterance, codes);
            frame = 0;
            next[0]++;
          }
        });
    skipEmpty(chosen, next[0], sink);
  }

  /// Hands over utterances without frames, for which no batch comes.
  private int skipEmpty(int[] chosen, int from, Sink sink) {
    int next = from;
    while (next < chosen.length && features.utterances().get(chosen[next]).frames() == 0) {
      sink.accept(chosen[next++], new int[0]);
    }
    return next;
  }

  @Override
  public void close() {
    batches.close();
    coder.close();
  }
}
