package org.duovox.train;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.BatchSizes;
import org.duovox.model.BatchWriter;
import org.duovox.model.UnitModel;
import org.duovox.model.Window;
import org.duovox.train.TrainLine.Kind;
import org.duovox.units.Corpus;

/// Measures held-out utterances: the same batches and masks every time.
public final class Validation implements AutoCloseable {
  private static final int FIXED_EPOCH = -1;

  private final Corpus corpus;
  private final List<List<Window>> batches;
  private final BatchSizes sizes;
  private final NativeRing ring;
  private final BatchWriter writer;
  private final ToIntFunction<Window> label;
  private final EpochSource.RowChange change;
  private final TargetFeatures features;

  /// A validation on a corpus that is not empty.
  public Validation(
      UnitModel model,
      Corpus corpus,
      int batchSize,
      ToIntFunction<Window> label,
      EpochSource.RowChange change) {
    this(model, corpus, batchSize, label, change, TargetFeatures.NONE);
  }

  private Validation(
      UnitModel model,
      Corpus corpus,
      int batchSize,
      ToIntFunction<Window> label,
      EpochSource.RowChange change,
      TargetFeatures features) {
    this.features = features;
    this.corpus = corpus;
    this.label = label;
    this.change = change;
    List<Window> windows = Window.cut(corpus, model.config());
    this.batches = new BatchPlan(windows, batchSize, 0, 0).inOrder();
    this.sizes = BatchSizes.of(corpus, batches);
    this.writer = new BatchWriter(model.ids());
    this.ring =
        new NativeRing(
            1,
            sizes.rows(),
            sizes.tokens(),
            sizes.phoneticUnits(),
            features.width(),
            model.nativeModel().config().device());
  }

  /// Loss and accuracy of all of it.
  public TrainLine run(NativeTrainer trainer, int epoch) {
    eachBatch((slot, shape) -> trainer.evaluate(ring, shape));
    NativeTrainer.Report report = trainer.evaluation();
    return TrainLine.of(Kind.VALIDATION, report, epoch);
  }

  /// Shows every batch as the model reads it, masks included.
  void eachBatch(BiConsumer<NativeRing.Slot, NativeRing.Shape> use) {
    for (List<Window> batch : batches) {
      NativeRing.Slot slot = ring.slots().getFirst();
      NativeRing.Shape shape = sizes.write(writer, slot, corpus, batch, label);
      for (int row = 0; row < batch.size(); row++) {
        change.apply(slot, shape, row, FIXED_EPOCH, batch.get(row));
      }
      features.fill(slot, shape, batch);
      use.accept(slot, shape);
    }
  }

  @Override
  public void close() {
    ring.close();
  }

  /// A validation, or none for an empty corpus.
  static Optional<Validation> of(
      UnitModel model,
      Corpus corpus,
      int batchSize,
      EpochSource.RowChange change,
      TargetFeatures features) {
    return corpus.size() == 0
        ? Optional.empty()
        : Optional.of(new Validation(model, corpus, batchSize, window -> 0, change, features));
  }
}
