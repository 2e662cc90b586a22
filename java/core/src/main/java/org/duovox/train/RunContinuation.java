package org.duovox.train;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.FileActions;
import org.duovox.model.UnitModel;
import org.duovox.train.Checkpoints.Found;
import org.duovox.train.Pretrainer.Prepared;
import org.duovox.train.Pretrainer.Result;
import org.duovox.train.ResumableRun.Finished;
import org.duovox.train.Saver.Position;
import org.duovox.train.TrainLoop.Next;

/// Begins a resumable run or goes on with it, until it is done or asked to leave.
final class RunContinuation {
  private final PretrainConfig config;
  private final Device device;
  private final ResumableRun run;
  private final TrainControl control;
  private final Listeners listeners;
  private final Checkpoints checkpoints;

  RunContinuation(
      PretrainConfig config,
      Device device,
      ResumableRun run,
      TrainControl control,
      TrainListener listener) {
    this.config = config;
    this.device = device;
    this.run = run;
    this.control = control;
    this.listeners = new Listeners().add(run).add(listener);
    this.checkpoints = run.checkpoints(config.checkpoints().keep(), FileActions.REAL);
  }

  /// Trains a new model, which becomes that of the newest checkpoint when there is one.
  Result run(UnitModel model, Prepared ready) {
    RunSettings settings = ready.settings();
    run.begin(settings, model, RunEnvironment.here(device.name(), settings.corpusSha256()));
    ready
        .match()
        .ifPresent(match -> {
          match.write(run.folder());
          run.note(match.text());
        });
    if (run.isFinished()) {
      return finishedBefore(model);
    }
    CheckpointState.Origin here =
        CheckpointState.Origin.here(
            device.name(),
            model.config().precision().name(),
            config.seed(),
            settings.configSha256(),
            settings.corpusSha256());
    Optional<Found> found = checkpoints.latest(listeners::warning);
    found.ifPresent(from -> restore(model, from, here));
    run.rewind(found.map(Found::state));
    checkpoints.discardAfter(found.map(from -> from.state().step()).orElse(0L));
    long done = found.map(from -> from.state().step()).orElse(0L);
    Pretraining.Outcome outcome;
    try (EventFile events = new EventFile(run.folder(), done, InstantSource.system())) {
      listeners.add(events);
      outcome = train(model, ready.plan(), found, here);
    }
    boolean finished = outcome.end() == Next.FINISH;
    if (finished) {
      finish(model, outcome, ready.plan().steps());
    }
    return new Result(
        run.folder(),
        outcome.steps(),
        model.elements(),
        finished,
        listeners.training(),
        listeners.lastValidation());
  }

  private Pretraining.Outcome train(
      UnitModel model, PretrainPlan plan, Optional<Found> found, CheckpointState.Origin here) {
    Saver saver = new CheckpointSaver(run, checkpoints, config.checkpoints(), here, listeners);
    RunGuards guards = new RunGuards(config, model, plan, device);
    listeners.add(guards.watches(earlier(found), listeners));
    if (found.isEmpty()) {
      guards.lookAtUnits(listeners);
    }
    Stepper stepper = guards.stepper(PartLimit.in(run.folder()), listeners);
    try (Pretraining training =
        new Pretraining(config, model, plan, device, saver, control, listeners, stepper)) {
      if (found.isEmpty()) {
        guards.comparePredictors(
            training.validation(),
            run.folder().resolve(UnitPredictors.Accuracies.FILE),
            listeners);
      }
      found.ifPresent(from -> CheckpointFiles.read(training.trainer(), from.folder()));
      return training.run(found.map(from -> Position.of(from.state())).orElse(Position.START));
    }
  }

  /// Lines of the steps before a checkpoint; the metrics end there by now.
  private List<TrainLine> earlier(Optional<Found> found) {
    return found.isEmpty() ? List.of() : RunFolder.metrics(run.folder());
  }

  private void restore(UnitModel model, Found from, CheckpointState.Origin here) {
    CheckpointState.Origin there = from.state().origin();
    CheckpointFiles.requireSameModel(model, from.folder());
    require(from, "the settings", there.configSha256(), here.configSha256());
    require(from, "the corpus", there.corpusSha256(), here.corpusSha256());
    warnings(there, here).forEach(listeners::warning);
    model.fill(from.folder());
    run.note("resumed from " + run.folder().relativize(from.folder()));
  }

  private static void require(Found from, String what, String there, String here) {
    if (!there.equals(here)) {
      throw DuovoxException.badData(
          "%s was made with other values of %s (sum %s, here %s); it is of another run"
              .formatted(from.folder(), what, there, here));
    }
  }

  /// What may change the last bits of a run that goes on here.
  private static List<String> warnings(CheckpointState.Origin there, CheckpointState.Origin here) {
    List<String> all = new ArrayList<>();
    add(all, "threads of libtorch", "" + there.threads(), "" + here.threads());
    add(all, "libtorch", there.libtorch(), here.libtorch());
    add(all, "vector extension", there.cpu(), here.cpu());
    add(all, "device", there.device(), here.device());
    add(all, "version of Duovox", there.duovox(), here.duovox());
    return all;
  }

  private static void add(List<String> all, String what, String there, String here) {
    if (!there.equals(here)) {
      all.add(
          "the checkpoint was made with another %s (%s, here %s); the last bits of the results may differ"
              .formatted(what, there, here));
    }
  }

  private void finish(UnitModel model, Pretraining.Outcome outcome, long planned) {
    long best = outcome.bestBefore();
    if (best > 0) {
      best = restoreBest(model, best);
    }
    if (outcome.steps() < planned) {
      listeners.remark(
          "stopped early: no lower validation loss in %d validations; the lowest was after step %d"
              .formatted(config.validation().patience(), outcome.best().step()));
    }
    run.finish(
        model,
        new Finished(
            outcome.steps(),
            outcome.steps() < planned,
            best > 0 ? best : outcome.steps(),
            outcome.best().step()));
  }

  private long restoreBest(UnitModel model, long step) {
    try {
      new CheckpointSaver(run, checkpoints, config.checkpoints(), null, listeners)
          .restoreBest(model, step);
      return step;
    } catch (DuovoxException e) {
      listeners.warning(
          "the best model, of step %d, cannot be read (%s); the run's model is the last one"
              .formatted(step, e.getMessage()));
      return 0;
    }
  }

  private Result finishedBefore(UnitModel model) {
    Path folder = run.folder();
    List<TrainLine> lines = RunFolder.metrics(folder);
    lines.forEach(
        line ->
            listeners.begin(
                line.kind() == TrainLine.Kind.TRAIN ? line : listeners.training(),
                line.kind() == TrainLine.Kind.VALIDATION ? line : listeners.validation()));
    return new Result(
        folder,
        listeners.training().step(),
        model.elements(),
        true,
        listeners.training(), listeners.lastValidation());
  }
}
