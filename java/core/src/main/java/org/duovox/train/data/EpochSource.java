package org.duovox.train.data;

import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeRing.Shape;
import org.duovox.internal.NativeRing.Slot;
import org.duovox.model.UnitIds;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.BatchLoader.Batch;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.TokenFeatures;

/// Writes batches epoch after epoch, without end: laid out by the plan, then changed row by row
/// (masks, noise), then given the targets of reconstruction ([TargetFeatures]).
public final class EpochSource implements BatchLoader.Source {
  /// Changes one row of a finished batch, e.g. masks it.
  @FunctionalInterface
  public interface RowChange {
    /// Leaves rows unchanged.
    RowChange NONE = (slot, shape, row, epoch, window) -> {};

    /// Changes a row.
    ///
    /// @param epoch from 0; -1 in a validation
    /// @param window that the row holds
    void apply(Slot slot, Shape shape, int row, int epoch, Window window);
  }

  private final Corpus corpus;
  private final BatchPlan plan;
  private final TrainPlan.Rows rows;
  private final RowChange change;
  private final BatchWriter writer;
  private List<List<Window>> batches = List.of();
  private int next;
  private int epoch = -1;

  /// @param corpus the view that the model reads
  EpochSource(Corpus corpus, BatchPlan plan, UnitIds ids, TrainPlan.Rows rows) {
    this.corpus = corpus;
    this.plan = plan;
    this.rows = rows;
    this.change = rows.change().get();
    this.writer = new BatchWriter(ids);
  }

  /// Goes to a batch of an epoch, as if all before it had been read; called before the first batch.
  /// Order and changes are functions of seed and epoch, so this costs one epoch's plan.
  ///
  /// @param batch 0 to the number of the epoch's batches; that number means the next epoch's first
  EpochSource startAt(int startEpoch, int batch) {
    batches = plan.epoch(startEpoch);
    epoch = startEpoch;
    next = batch;
    return this;
  }

  @Override
  public Optional<Batch> next(Slot slot) {
    if (next == batches.size()) {
      epoch++;
      batches = plan.epoch(epoch);
      next = 0;
    }
    if (batches.isEmpty()) {
      return Optional.empty();
    }
    List<Window> windows = batches.get(next);
    Shape shape = writer.write(slot, corpus, windows, rows.label());
    for (int row = 0; row < windows.size(); row++) {
      change.apply(slot, shape, row, epoch, windows.get(row));
    }
    rows.features().fill(slot, shape, windows);
    Batch batch = new Batch(slot, shape, epoch, next, next + 1 == batches.size());
    next++;
    return Optional.of(batch);
  }

  /// Returns a key of a window that does not depend on the batch it is in.
  public static long key(Window window) {
    return ((long) window.utterance() << 32) ^ window.from();
  }

  /// Puts the continuous features of the positions with a loss into a finished batch, in the order
  /// of rows and time: the targets of masked context reconstruction. Read from the corpus's files.
  public static final class TargetFeatures {
    /// For trainings with other targets.
    public static final TargetFeatures NONE = new TargetFeatures(null, 0);

    private final Corpus corpus;
    private final int width;

    private TargetFeatures(Corpus corpus, int width) {
      this.corpus = corpus;
      this.width = width;
    }

    /// Returns the features of the corpus that batches are made of.
    ///
    /// @param corpus the view that the model reads
    /// @throws DuovoxException (BAD_CONFIG) when the corpus keeps none for its contextual tokens
    public static TargetFeatures of(Corpus corpus) {
      int width =
          corpus
              .features()
              .orElseThrow(() ->
                  DuovoxException.config(
                      "pretrain: mcr_target 'feature' needs the continuous features of the tokens that"
                          + " the model reads, but the corpus keeps none; align again with"
                          + " --contextual-features DIR, or set pretrain.mcr_target to codebook"))
              .width();
      return new TargetFeatures(corpus, width);
    }

    /// Returns the values per position; 0 for none.
    public int width() {
      return width;
    }

    /// Fills the slot's representations.
    public void fill(Slot slot, Shape shape, List<Window> windows) {
      if (width == 0) {
        return;
      }
      int at = 0;
      for (int row = 0; row < windows.size(); row++) {
        Window window = windows.get(row);
        TokenFeatures features = corpus.utterance(window.utterance()).features().orElseThrow();
        int position = row * shape.tokens() + 1 - window.from(); // Position 0 is CLS.
        int t = window.from();
        while (t < window.to()) {
          int end = t;
          while (end < window.to() && slot.targets().get(position + end) >= 0) {
            end++;
          }
          if (end > t) { // Neighbors with a loss are one read.
            features.read(t, end - t, slot.representations(), at);
            at += (end - t) * width;
          }
          t = end + 1;
        }
      }
    }
  }
}
