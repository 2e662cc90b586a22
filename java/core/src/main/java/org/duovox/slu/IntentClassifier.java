package org.duovox.slu;

import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeRuntime;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.Json;
import org.duovox.model.BatchSizes;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.model.Window;
import org.duovox.train.BatchLoader;
import org.duovox.train.BatchPlan;
import org.duovox.train.EpochSource;
import org.duovox.train.RunFolder;
import org.duovox.train.Timing;
import org.duovox.train.TrainLine;
import org.duovox.train.TrainListener;
import org.duovox.train.TrainLoop;
import org.duovox.units.Corpus;
import org.duovox.units.SplitMix;

/// Trains a classifier of utterances on top of a pretrained model, and evaluates one.
///
/// The run folder is a model folder whose `config.json` names the labels, with `train.json` and
/// `metrics.jsonl`. Training runs on the calling thread; interrupting it ends it between two steps
/// with nothing written.
public final class IntentClassifier {
  /// `train.json` of a classifier.
  record Settings(
      String task,
      String field,
      SluConfig slu,
      ModelConfig model,
      long steps,
      int utterances,
      String libtorch,
      int threads) {}

  private IntentClassifier() {}

  /// Trains on a corpus of training utterances and publishes the run at `target`.
  ///
  /// @param pretrained folder of the pretrained model
  /// @param field of the utterances that holds the class
  public static void train(
      Path pretrained,
      Corpus training,
      String field,
      SluConfig config,
      Device device,
      Path target,
      TrainListener listener) {
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
    IntentData data = IntentData.of(training, field);
    ModelConfig shape =
        ModelFiles.card(pretrained)
            .model()
            .withClasses(data.labels().size(), config.pooling(), config.dropout(), config.seed());
    try (UnitModel model = UnitModel.withNewHead(pretrained, shape, data.labels(), device)) {
      Corpus view = model.card().view(training);
      fit(model, view, data, config, target, listener);
    }
  }

  private static void fit(
      UnitModel model,
      Corpus view,
      IntentData data,
      SluConfig config,
      Path target,
      TrainListener listener) {
    List<Window> windows = Window.cut(view, model.config());
    BatchPlan plan = new BatchPlan(windows, config.batchSize(), 0, config.seed());
    long steps =
        config.steps() > 0 ? config.steps() : (long) plan.epoch(0).size() * config.epochs();
    BatchSizes sizes = BatchSizes.atMost(view, windows, config.batchSize());
    int[] labels = data.labels(view);
    EpochSource source =
        new EpochSource(
            view,
            plan,
            sizes,
            model.ids(),
            window -> labels[window.utterance()],
            noise(model, config));
    try (RunFolder folder = new RunFolder(target, settings(model, view, data, config, steps));
        NativeTrainer trainer = new NativeTrainer(model.nativeModel(), config.toNative(steps));
        NativeRing ring =
            new NativeRing(
                config.slots(),
                sizes.rows(),
                sizes.tokens(),
                sizes.phoneticUnits(),
                model.nativeModel().config().device());
        BatchLoader loader = new BatchLoader(ring, source)) {
      TrainLoop loop =
          new TrainLoop(trainer, ring, steps, config.reportEvery(), both(folder, listener));
      loop.run(loader);
      folder.commit(model);
    }
  }

  /// Predictions for every utterance of a corpus, in its order.
  ///
  /// @param run folder of a trained classifier
  /// @throws DuovoxException (BAD_DATA) when a label did not occur in training or the units are
  ///   other ones
  public static List<Prediction> evaluate(Path run, Corpus corpus, Device device) {
    try (UnitModel model = UnitModel.load(run, device)) {
      List<String> labels = model.card().labels();
      if (labels.isEmpty()) {
        throw DuovoxException.badData(
            run + " is not a classifier: it has no labels; train one with slu train");
      }
      return new Predictor(model, new IntentData(field(run), labels))
          .predict(model.card().view(corpus));
    }
  }

  private static String field(Path run) {
    return Json.read(run.resolve(RunFolder.SETTINGS), Settings.class).field();
  }

  private static EpochSource.RowChange noise(UnitModel model, SluConfig config) {
    if (config.unitNoise().changesNothing()) {
      return EpochSource.RowChange.NONE;
    }
    SplitMix draws = SplitMix.of();
    return (slot, shape, row, epoch, window) -> {
      draws.reseed(config.seed(), epoch, EpochSource.key(window));
      config.unitNoise().apply(slot, shape, row, model.ids(), draws);
    };
  }

  private static Settings settings(
      UnitModel model, Corpus view, IntentData data, SluConfig config, long steps) {
    NativeRuntime.Info runtime = NativeRuntime.info();
    return new Settings(
        "slu",
        data.field(),
        config,
        model.config(),
        steps,
        view.size(),
        runtime.libtorch(),
        runtime.threads());
  }

  private static TrainListener both(TrainListener first, TrainListener second) {
    return new TrainListener() {
      @Override
      public void step(long done, long all) {
        second.step(done, all);
      }

      @Override
      public void timing(Timing timing) {
        first.timing(timing);
        second.timing(timing);
      }

      @Override
      public void line(TrainLine line) {
        first.line(line);
        second.line(line);
      }
    };
  }
}
