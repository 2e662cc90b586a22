package org.duovox.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.model.Match;
import org.duovox.model.MatchReport;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelMatch;
import org.duovox.model.UnitModel;
import org.duovox.train.Saver.Position;
import org.duovox.units.Corpus;

/// Pretrains a model on a corpus with masked context prediction and reconstruction.
///
/// Everything happens on the calling thread but the filling of batches. Interrupting the thread
/// ends it between two steps.
public final class Pretrainer {
  /// What a pretraining came to: the last report of the training, and of the validation when there
  /// was one.
  ///
  /// @param steps done
  /// @param parameters values of all the model's tensors
  /// @param finished false when it was asked to leave; it goes on when it is resumed
  public record Result(
      Path folder,
      long steps,
      long parameters,
      boolean finished,
      TrainLine training,
      Optional<TrainLine> validation) {}

  private final PretrainConfig config;
  private final TrainListener listener;
  private final Device device;

  public Pretrainer(PretrainConfig config, Device device, TrainListener listener) {
    this.config = config;
    this.device = device;
    this.listener = listener;
  }

  /// Trains a new model of this shape and publishes the run, complete, at `target`; without
  /// checkpoints.
  ///
  /// @throws DuovoxException with kind NATIVE when too many steps are not finite, RETRY when
  ///   interrupted
  public Result run(ModelConfig shape, Corpus corpus, Path target) {
    requireTrainable(shape, corpus);
    ModelConfig decided = shape.forObjectives(config.objectives());
    Optional<ModelMatch> match = match(decided, corpus);
    ModelConfig matched = match.map(ModelMatch::config).orElse(decided);
    try (UnitModel model = UnitModel.create(matched, corpus, List.of(), device)) {
      Prepared ready = prepare(model, corpus, match.map(ModelMatch::report));
      try (RunFolder folder = new RunFolder(target, ready.settings())) {
        ready.match().ifPresent(folder::add);
        Listeners lines = new Listeners().add(folder).add(listener);
        RunGuards guards = new RunGuards(config, model, ready.plan(), device);
        lines.add(guards.watches(List.of(), lines));
        guards.lookAtUnits(lines);
        Stepper stepper = guards.stepper(PartLimit.unremembered(), lines);
        BestOnly saver = new BestOnly(folder.scratch("best"));
        Pretraining.Outcome outcome;
        try (Pretraining training =
            new Pretraining(
                config, model, ready.plan(), device, saver, new TrainControl(), lines, stepper)) {
          guards.comparePredictors(
              training.validation(), folder.scratch(UnitPredictors.Accuracies.FILE), lines);
          outcome = training.run(Position.START);
        }
        if (outcome.bestBefore() > 0) {
          saver.restoreBest(model, outcome.bestBefore());
        }
        saver.discard();
        folder.commit(model);
        return new Result(
            target,
            outcome.steps(),
            model.elements(),
            true,
            lines.training(),
            lines.lastValidation());
      }
    }
  }

  /// Trains in a folder that survives this process: starts, or goes on from the newest checkpoint
  /// that is whole, to the same bits either way (docs/training.md).
  ///
  /// @param run to begin or to resume; the caller closes it
  /// @param control asks to save, or to save and leave
  public Result run(ModelConfig shape, Corpus corpus, ResumableRun run, TrainControl control) {
    requireTrainable(shape, corpus);
    ModelConfig decided = shape.forObjectives(config.objectives());
    Optional<ModelMatch> match = match(decided, corpus);
    ModelConfig matched = match.map(ModelMatch::config).orElse(decided);
    try (UnitModel model = UnitModel.create(matched, corpus, List.of(), device)) {
      return new RunContinuation(config, device, run, control, listener)
          .run(model, prepare(model, corpus, match.map(ModelMatch::report)));
    }
  }

  /// What is decided before the first step.
  record Prepared(PretrainPlan plan, RunSettings settings, Optional<MatchReport> match) {}

  /// The baseline sized after the dual-channel model, where that is wanted.
  private Optional<ModelMatch> match(ModelConfig shape, Corpus corpus) {
    if (config.match() == Match.NONE || shape.dual()) {
      return Optional.empty();
    }
    ModelMatch match = ModelMatch.of(shape, config.match(), corpus);
    listener.remark(match.report().text());
    return Optional.of(match);
  }

  private void requireTrainable(ModelConfig shape, Corpus corpus) {
    if (corpus.size() == 0) {
      throw DuovoxException.badData("the corpus has no utterance to train on");
    }
    if (config.mcrWeight() > 0 && shape.view(corpus).contextual().codebook().isEmpty()) {
      throw DuovoxException.config(
          "pretrain: masked context reconstruction predicts vectors of the codebook, but the"
              + " corpus's units were imported without one; set pretrain.mcr_weight to 0, or import the units"
              + " again with --codebook FILE and align again");
    }
    TargetFeatures.of(config, shape.view(corpus)); // Refuses a corpus without them.
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
  }

  private Prepared prepare(UnitModel model, Corpus corpus, Optional<MatchReport> match) {
    Corpus view = model.config().view(corpus);
    CorpusIdentity identity = CorpusIdentity.of(view);
    HeldOut parts = HeldOut.split(identity.held(view), config.validationFraction(), config.seed());
    parts = new HeldOut(identity.held(parts.training()), parts.validation());
    PretrainPlan plan = new PretrainPlan(config, model, parts);
    config.toNative(
        plan.steps()); // Refuses a warm-up that does not fit before anything is written.
    NativeRuntime.Info runtime = NativeRuntime.info();
    RunSettings settings =
        new RunSettings(
            "pretrain",
            config,
            model.config(),
            plan.steps(),
            parts.training().size(),
            parts.validation().size(),
            runtime.libtorch(),
            runtime.threads(),
            RunSettings.configSha256(config, model.config()),
            identity.sha256());
    return new Prepared(plan, settings, match);
  }
}
