package org.duovox.train;

import java.util.List;
import java.util.function.BiConsumer;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.UnitModel;
import org.duovox.model.batch.BatchWriter;
import org.duovox.model.batch.Window;
import org.duovox.train.data.BatchPlan;
import org.duovox.train.data.EpochSource;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Kind;
import org.duovox.train.memory.StepParts;
import org.duovox.units.corpus.Corpus;

/// Evaluates the model on held-out utterances: the same batches and masks every time.
final class Validation implements AutoCloseable {
  private static final int FIXED_EPOCH = -1;

  private final UnitModel model;
  private final Corpus corpus;
  private final List<List<Window>> batches;
  private final BatchWriter.Sizes sizes;
  private final BatchWriter writer;
  private final TrainPlan.Rows rows;
  private final EpochSource.RowChange change;
  private NativeRing ring; // Null before the first batch.

  /// @param corpus held-out utterances, not empty, in the view that the model reads
  /// @param batchSize most windows of a batch
  /// @param batchTokens most positions of a batch, padding not counted; 0 = no limit
  /// @param rows like those of the training
  public Validation(
      UnitModel model, Corpus corpus, int batchSize, long batchTokens, TrainPlan.Rows rows) {
    this.model = model;
    this.corpus = corpus;
    this.rows = rows;
    this.change = rows.change().get();
    List<Window> windows = Window.cut(corpus, model.config());
    this.batches = new BatchPlan(windows, batchSize, batchTokens, 0).inOrder();
    this.sizes = BatchWriter.Sizes.of(corpus, batches);
    this.writer = new BatchWriter(model.ids());
  }

  /// Returns the bytes of the buffer that its batches are written into.
  long bytes() {
    return sizes.bytes(rows.features().width());
  }

  /// Returns loss and accuracy over all of them; NaN where a batch is not finite.
  ///
  /// @param parts cuts batches that do not fit into memory
  public TrainLine run(NativeTrainer trainer, StepParts parts, int epoch) {
    eachBatch((slot, shape) -> parts.evaluate(trainer, ring, shape));
    NativeTrainer.Report report = trainer.evaluation();
    return TrainLine.of(Kind.VALIDATION, report, epoch);
  }

  /// Passes every batch on as the model reads it, masks included.
  void eachBatch(BiConsumer<NativeRing.Slot, NativeRing.Shape> use) {
    open();
    for (List<Window> batch : batches) {
      NativeRing.Slot slot = ring.slots().getFirst();
      NativeRing.Shape shape = writer.write(slot, corpus, batch, rows.label());
      for (int row = 0; row < batch.size(); row++) {
        change.apply(slot, shape, row, FIXED_EPOCH, batch.get(row));
      }
      rows.features().fill(slot, shape, batch);
      use.accept(slot, shape);
    }
  }

  private void open() {
    if (ring == null) {
      ring =
          new NativeRing(
              1,
              sizes.rows(),
              sizes.tokens(),
              sizes.phoneticUnits(),
              rows.features().width(),
              model.nativeModel().device());
    }
  }

  @Override
  public void close() {
    if (ring != null) {
      ring.close();
    }
  }
}
