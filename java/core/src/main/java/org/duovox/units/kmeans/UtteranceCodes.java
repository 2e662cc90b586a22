package org.duovox.units.kmeans;

import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.duovox.internal.NativeRows;
import org.duovox.units.FeatureLayer;
import org.duovox.units.UtteranceInfo;

/// Codes of all utterances, one after the other; batches end with an utterance, so that its codes
/// do not depend on others.
public final class UtteranceCodes implements AutoCloseable {
  private static final long BATCH_BYTES = 32L << 20;
  private static final int LOOKED_AT = 10_000; // Frames for the statistics, about.

  /// Hears the codes (frames, groups) of an utterance.
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
    this.step = (int) Math.max(1, Math.min(rows, frames / LOOKED_AT));
  }

  private static int batch(FeatureLayer features) {
    int longest = features.utterances().stream().mapToInt(UtteranceInfo::frames).max().orElse(1);
    long most = Math.max(64, BATCH_BYTES / Float.BYTES / features.width());
    return (int) Math.max(1, Math.min(longest, most));
  }

  public Coder coder() {
    return coder;
  }

  /// Spread of the frames that went by.
  public FrameStatistics statistics() {
    return statistics;
  }

  /// Goes once over these utterances.
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
          if (statistics.frames() < 2L * LOOKED_AT) {
            statistics.add(rows, count, step);
          }
          int[] found = coder.codes(rows, count, features.utterances().get(utterance).id(), frame);
          System.arraycopy(found, 0, codes, frame * coder.groups(), found.length);
          frame += count;
          if (frame == frames) {
            sink.accept(utterance, codes);
            frame = 0;
            next[0]++;
          }
        });
    skipEmpty(chosen, next[0], sink);
  }

  /// Utterances without a frame bring no batch.
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
