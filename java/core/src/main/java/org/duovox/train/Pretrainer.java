package org.duovox.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;
import org.duovox.internal.NativeTrainer;
import org.duovox.model.BatchSizes;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitModel;
import org.duovox.model.Window;
import org.duovox.units.Corpus;

/// Pretrains a model on a corpus with masked context prediction and reconstruction.
///
/// Everything happens on the calling thread but the filling of batches. Interrupting the thread
/// ends it between two steps; the run folder appears only when all is done.
public final class Pretrainer {
  /// What a pretraining came to: the last report of the training, and of the validation when there
  /// was one.
  public record Result(
      Path folder, long steps, TrainLine training, Optional<TrainLine> validation) {}

  /// `train.json`: everything that was decided before the first step.
  record Settings(
      String task,
      PretrainConfig pretrain,
      ModelConfig model,
      long steps,
      int trainingUtterances,
      int validationUtterances,
      String libtorch,
      int threads) {}

  private final PretrainConfig config;
  private final TrainListener listener;
  private final Device device;

  public Pretrainer(PretrainConfig config, Device device, TrainListener listener) {
    this.config = config;
    this.device = device;
    this.listener = listener;
  }

  /// Trains a new model of this shape and publishes the run at `target`.
  ///
  /// @throws DuovoxException with kind NATIVE when a loss is no longer finite, RETRY when
  ///   interrupted
  public Result run(ModelConfig shape, Corpus corpus, Path target) {
    if (corpus.size() == 0) {
      throw DuovoxException.badData("the corpus has no utterance to train on");
    }
    if (config.mcrWeight() > 0 && shape.view(corpus).contextual().codebook().isEmpty()) {
      throw DuovoxException.config(
          "pretrain: masked context reconstruction predicts vectors of the codebook, but the"
              + " corpus's units were imported without one; set pretrain.mcr_weight to 0, or import the units"
              + " again with --codebook FILE and align again");
    }
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
    try (UnitModel model = UnitModel.create(shape, corpus, List.of(), device)) {
      HeldOut parts =
          HeldOut.split(model.config().view(corpus), config.validationFraction(), config.seed());
      return train(model, parts, target);
    }
  }

  private Result train(UnitModel model, HeldOut parts, Path target) {
    List<Window> windows = Window.cut(parts.training(), model.config().maxPositions());
    BatchPlan plan =
        new BatchPlan(windows, config.batchSize(), config.batchTokens(), config.seed());
    long steps = steps(plan);
    BatchSizes sizes =
        BatchSizes.atMost(parts.training(), windows, config.batchSize(), config.batchTokens());
    Lines lines = new Lines();
    try (RunFolder folder = new RunFolder(target, settings(model, parts, steps));
        NativeTrainer trainer = new NativeTrainer(model.nativeModel(), config.toNative(steps));
        NativeRing ring =
            new NativeRing(
                config.slots(), sizes.rows(), sizes.tokens(), sizes.phoneticUnits(), device)) {
      lines.add(folder);
      lines.add(listener);
      Optional<Validation> validation =
          Validation.of(model, parts.validation(), config.batchSize(), masks(model));
      try (BatchLoader loader = new BatchLoader(ring, source(model, parts, plan, sizes))) {
        new TrainLoop(trainer, ring, steps, config.reportEvery(), lines)
            .run(
                loader,
                epoch -> validation.ifPresent(held -> lines.line(held.run(trainer, epoch))));
      } finally {
        validation.ifPresent(Validation::close);
      }
      folder.commit(model);
    }
    return new Result(target, steps, lines.training, Optional.ofNullable(lines.validation));
  }

  private EpochSource source(UnitModel model, HeldOut parts, BatchPlan plan, BatchSizes sizes) {
    return new EpochSource(parts.training(), plan, sizes, model.ids(), window -> 0, masks(model));
  }

  private EpochSource.RowChange masks(UnitModel model) {
    Masking masking =
        new Masking(config.masking(), model.ids(), model.config().maxPositions(), config.seed());
    return (slot, shape, row, epoch, window) ->
        masking.apply(slot, shape, row, epoch, EpochSource.key(window));
  }

  private long steps(BatchPlan plan) {
    if (config.steps() > 0) {
      return config.steps();
    }
    long steps = 0;
    for (int epoch = 0; epoch < config.epochs(); epoch++) {
      steps += plan.epoch(epoch).size();
    }
    return steps;
  }

  private Settings settings(UnitModel model, HeldOut parts, long steps) {
    NativeRuntime.Info runtime = NativeRuntime.info();
    return new Settings(
        "pretrain",
        config,
        model.config(),
        steps,
        parts.training().size(),
        parts.validation().size(),
        runtime.libtorch(),
        runtime.threads());
  }

  /// Passes everything on and remembers the last lines.
  private static final class Lines implements TrainListener {
    private final List<TrainListener> listeners = new ArrayList<>();
    private TrainLine training;
    private TrainLine validation;

    void add(TrainListener next) {
      listeners.add(next);
    }

    @Override
    public void step(long done, long all) {
      listeners.forEach(next -> next.step(done, all));
    }

    @Override
    public void line(TrainLine line) {
      if (line.kind() == TrainLine.Kind.TRAIN) {
        training = line;
      } else {
        validation = line;
      }
      listeners.forEach(next -> next.line(line));
    }
  }
}
