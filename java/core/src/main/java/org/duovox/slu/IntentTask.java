package org.duovox.slu;

import org.duovox.internal.NativeRuntime;
import org.duovox.io.Present;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitIds;
import org.duovox.model.UnitModel;
import org.duovox.train.TrainTask;
import org.duovox.train.data.EpochSource;
import org.duovox.train.data.EpochSource.TargetFeatures;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.memory.MemoryForecast.ActivationCost;
import org.duovox.train.run.RunSettings;
import org.duovox.train.run.RunSettings.CorpusIdentity;
import org.duovox.units.SplitMix;
import org.duovox.units.corpus.Corpus;

/// Trains a classification head with cross-entropy over the classes of utterances, alone or with
/// the whole model.
final class IntentTask implements TrainTask {
  /// `train.json` of a classifier.
  ///
  /// @param task "slu"
  /// @param field of the utterances that holds the class
  /// @param steps of the schedule
  /// @param pretrainedSha256 of the weights that it starts from; null in files of earlier builds
  record Settings(
      String task,
      String field,
      SluConfig slu,
      ModelConfig model,
      long steps,
      int utterances,
      String libtorch,
      int threads,
      String configSha256,
      String corpusSha256,
      String pretrainedSha256)
      implements RunSettings {
    Settings {
      Present.require("field", field);
    }

    private record Essence(
        String field, SluConfig slu, ModelConfig model, String pretrainedSha256) {}

    @Override
    public String size() {
      return utterances + " utterances";
    }

    @Override
    public Object essence() {
      return new Essence(field, slu.essence(), model, pretrainedSha256);
    }
  }

  private final SluConfig config;
  private final Basis basis;

  /// @param view the corpus as the model reads it
  /// @param pretrainedSha256 of the weights that the model starts from
  IntentTask(
      SluConfig config, UnitModel model, Corpus view, IntentData data, String pretrainedSha256) {
    this.config = config;
    int[] labels = data.labels(view);
    TrainPlan.Rows rows =
        new TrainPlan.Rows(
            window -> labels[window.utterance()], () -> noise(model.ids()), TargetFeatures.NONE);
    TrainPlan plan = new TrainPlan(model, view, config.order(), rows);
    this.basis =
        new Basis(
            "slu",
            model,
            plan,
            config.loop(),
            config.toNative(plan.steps()),
            settings(plan, model.config(), data, pretrainedSha256),
            ActivationCost.of(model.config(), 0));
  }

  private Settings settings(
      TrainPlan plan, ModelConfig model, IntentData data, String pretrainedSha256) {
    NativeRuntime.Info runtime = NativeRuntime.info();
    Settings.Essence essence =
        new Settings.Essence(data.field(), config.essence(), model, pretrainedSha256);
    Corpus view = plan.corpus();
    return new Settings(
        "slu",
        data.field(),
        config,
        model,
        plan.steps(),
        view.size(),
        runtime.libtorch(),
        runtime.threads(),
        RunSettings.sha256(essence),
        CorpusIdentity.of(view, utterance -> data.labels().get(data.label(utterance))).sha256(),
        pretrainedSha256);
  }

  private EpochSource.RowChange noise(UnitIds ids) {
    if (config.unitNoise().changesNothing()) {
      return EpochSource.RowChange.NONE;
    }
    SplitMix draws = SplitMix.of();
    return (slot, shape, row, epoch, window) -> {
      draws.reseed(config.seed(), epoch, EpochSource.key(window));
      config.unitNoise().apply(slot, shape, row, ids, draws);
    };
  }

  @Override
  public Basis basis() {
    return basis;
  }

  @Override
  public String format(TrainLine line, Timing timing) {
    return line.classText(timing);
  }
}
