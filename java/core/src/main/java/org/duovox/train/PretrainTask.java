package org.duovox.train;

import java.nio.file.Path;
import java.util.Optional;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.UnitModel;
import org.duovox.model.match.MatchReport;
import org.duovox.train.data.EpochSource;
import org.duovox.train.data.HeldOut;
import org.duovox.train.data.Masking;
import org.duovox.train.data.TrainPlan;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.ActivationCost;
import org.duovox.train.run.CorpusIdentity;
import org.duovox.train.run.RunFolder;
import org.duovox.train.run.RunSettings;
import org.duovox.train.watch.UnitPredictors;
import org.duovox.train.watch.UnitWarnings;
import org.duovox.units.corpus.Corpus;

/// Masked context prediction and reconstruction on one part of a corpus, measured on the other.
public final class PretrainTask implements TrainTask {
  /// `train.json` of a pretraining.
  ///
  /// @param task "pretrain"
  /// @param steps of the schedule
  /// @param libtorch its version
  /// @param threads of libtorch
  public record Settings(
      String task,
      PretrainConfig pretrain,
      ModelConfig model,
      long steps,
      int trainingUtterances,
      int validationUtterances,
      String libtorch,
      int threads,
      String configSha256,
      String corpusSha256)
      implements RunSettings {

    private record Essence(PretrainConfig pretrain, ModelConfig model) {}

    @Override
    public String size() {
      return "%d and %d utterances".formatted(trainingUtterances, validationUtterances);
    }

    @Override
    public Object essence() {
      return essence(pretrain, model);
    }

    private static Object essence(PretrainConfig pretrain, ModelConfig model) {
      return new Essence(pretrain.essence(), model);
    }
  }

  private final PretrainConfig config;
  private final HeldOut parts;
  private final TrainBasis basis;
  private final Optional<MatchReport> match;

  /// @param corpus in any view
  /// @param match how the model was sized, where it was
  /// @throws org.duovox.DuovoxException (BAD_CONFIG) when a warm-up does not fit
  PretrainTask(PretrainConfig config, UnitModel model, Corpus corpus, Optional<MatchReport> match) {
    this.config = config;
    this.match = match;
    Corpus view = model.config().view(corpus);
    CorpusIdentity identity = CorpusIdentity.of(view);
    HeldOut split = HeldOut.split(identity.held(view), config.validationFraction(), config.seed());
    this.parts = new HeldOut(identity.held(split.training()), split.validation());
    TrainPlan plan =
        new TrainPlan(model, parts.training(), config.order(), rows(model, parts.training()));
    this.basis =
        new TrainBasis(
            "pretrain",
            model,
            plan,
            config.loop(),
            config.toNative(plan.steps()),
            settings(plan, model.config(), identity.sha256()),
            ActivationCost.of(model.config(), config.masking().probability()));
  }

  private Settings settings(TrainPlan plan, ModelConfig model, String corpusSha256) {
    NativeRuntime.Info runtime = NativeRuntime.info();
    return new Settings(
        "pretrain",
        config,
        model,
        plan.steps(),
        parts.training().size(),
        parts.validation().size(),
        runtime.libtorch(),
        runtime.threads(),
        RunSettings.sha256(Settings.essence(config, model)),
        corpusSha256);
  }

  private TrainPlan.Rows rows(UnitModel model, Corpus corpus) {
    return new TrainPlan.Rows(window -> 0, () -> masks(model), config.targets(corpus));
  }

  private EpochSource.RowChange masks(UnitModel model) {
    Masking masking =
        new Masking(config.masking(), model.ids(), model.config().maxPositions(), config.seed());
    return (slot, shape, row, epoch, window) ->
        masking.apply(slot, shape, row, epoch, EpochSource.key(window));
  }

  @Override
  public TrainBasis basis() {
    return basis;
  }

  @Override
  public Optional<Validation> validation() {
    Corpus held = parts.validation();
    if (held.size() == 0) {
      return Optional.empty();
    }
    UnitModel model = basis.model();
    return Optional.of(
        new Validation(model, held, config.batchSize(), config.batchTokens(), rows(model, held)));
  }

  @Override
  public void describe(RunFolder run) {
    match.ifPresent(report -> report.write(run.folder()));
  }

  /// Tells how a baseline was sized, warns of units that tell nothing apart, and measures
  /// predictors without a network on the held-out utterances.
  @Override
  public void beforeFirstStep(
      RunFolder run, Optional<Validation> validation, TrainListener listener) {
    match.map(MatchReport::text).ifPresent(listener::remark);
    UnitWarnings.of(parts.training()).forEach(listener::warning);
    if (validation.isEmpty() || config.mcpWeight() == 0) {
      return;
    }
    UnitPredictors predictors = new UnitPredictors(parts.training(), basis.model().ids());
    validation.get().eachBatch(predictors::see);
    UnitPredictors.Accuracies found = predictors.accuracies();
    Path file = run.folder().resolve(UnitPredictors.Accuracies.FILE);
    AtomicFiles.write(file, Json.pretty(found));
    listener.remark(found.text());
  }
}
