package org.duovox.train;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRing;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.atomic.FileActions;
import org.duovox.model.ModelFiles;
import org.duovox.model.batch.BatchWriter;
import org.duovox.train.log.EventFile;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;
import org.duovox.train.memory.StepParts;
import org.duovox.train.run.CheckpointState;
import org.duovox.train.run.CheckpointState.Position;
import org.duovox.train.run.Checkpoints;
import org.duovox.train.run.Checkpoints.Found;
import org.duovox.train.run.RunFolder;
import org.duovox.train.watch.SkippedSteps;
import org.duovox.train.watch.Watches;

/// Runs any training: begins it or resumes it from the newest checkpoint, registers who listens,
/// takes the memory, and trains the steps ([TrainingSteps]).
///
/// Runs on the calling thread, except for the filling of batches. Interrupting that thread saves
/// the run and ends it between two steps.
public final class Training {
  /// Result of a training.
  ///
  /// @param folder of the run
  /// @param steps done
  /// @param parameters values of all the model's tensors
  /// @param finished false when it was asked to leave; it goes on when it is resumed
  /// @param training the last report of its steps; null before the first
  /// @param validation the last report of its validation; empty before the first
  public record Result(
      Path folder,
      long steps,
      long parameters,
      boolean finished,
      TrainLine training,
      Optional<TrainLine> validation) {}

  private final TrainTask task;
  private final TrainTask.Basis basis;
  private final RunFolder run;
  private final TrainHost host;
  private final Checkpoints checkpoints;
  private final CheckpointState.Origin origin;
  private final TrainListener.Group listeners = new TrainListener.Group();

  /// @param task what is trained; its model is the caller's to close
  /// @param run to begin or to resume; the caller closes it
  public Training(TrainTask task, RunFolder run, TrainHost host) {
    this.task = task;
    this.basis = task.basis();
    this.run = run;
    this.host = host;
    this.checkpoints = run.checkpoints(basis.loop().checkpoints(), FileActions.REAL);
    this.origin =
        CheckpointState.Origin.here(
            host.device(),
            basis.model().config().precision(),
            basis.optimizer().seed(),
            basis.settings());
  }

  /// Trains until the schedule ends, validations improve no more, or it is asked to leave.
  ///
  /// @throws DuovoxException DIVERGED when too many steps are not finite; RETRY when there is not
  ///   enough memory, or when interrupted; BAD_CONFIG, BAD_DATA when the folder is of another run
  public Result run() {
    run.begin(task::format, basis.settings(), basis.model().card(), host.device());
    task.describe(run);
    if (run.isFinished()) {
      return finishedBefore();
    }
    List<String> warnings = new ArrayList<>();
    Optional<Found> found = checkpoints.latest(warnings::add);
    found.ifPresent(from -> restore(from, warnings));
    Optional<CheckpointState> state = found.map(Found::state);
    Position start = state.map(CheckpointState::position).orElse(Position.START);
    run.rewind(state);
    checkpoints.discardAfter(start.step());
    try (EventFile events = new EventFile(run.folder(), start.step(), InstantSource.system())) {
      SkippedSteps skipped = listen(start, events);
      found
          .map(from -> "resumed from " + run.folder().relativize(from.folder()))
          .ifPresent(listeners::remark);
      warnings.forEach(listeners::warning);
      return train(start, found, skipped);
    } catch (DuovoxException e) {
      run.note("ended: " + e.getMessage());
      throw e;
    }
  }

  private void restore(Found from, List<String> warnings) {
    CheckpointState.Origin there = from.state().origin();
    from.requireSame(basis.model());
    there.requireSame(origin, from.folder());
    warnings.addAll(there.warnings(origin));
    basis.model().fill(from.folder());
  }

  /// Registers who hears of the training, in this order: the files of the run first, so that
  /// whatever is told is written; the guard that may end the training last, so that all heard why.
  private SkippedSteps listen(Position start, EventFile events) {
    Watches watches = new Watches(Watches.Config.defaults(), listeners::warning);
    watches.replay(start.step() == 0 ? List.of() : RunFolder.metrics(run.folder()));
    SkippedSteps skipped =
        new SkippedSteps(
            basis.section(),
            basis.loop().guards().maxSkipped(),
            basis.plan()::utterances,
            listeners,
            start.skipped());
    listeners.add(run).add(host.listener()).add(events).add(watches).add(skipped);
    listeners.begin(start.training(), start.validation());
    return skipped;
  }

  @SuppressWarnings("try") // The validation's buffer and the memory are only closed.
  private Result train(Position start, Optional<Found> found, SkippedSteps skipped) {
    Optional<Validation> validation = task.validation();
    StepParts.Limit limit = limit();
    try (Validation closing = validation.orElse(null);
        MemoryBudget.Share memory = takeMemory(limit, validation);
        NativeTrainer trainer = new NativeTrainer(basis.model().nativeModel(), basis.optimizer());
        NativeRing ring = ring()) {
      if (found.isEmpty()) {
        task.beforeFirstStep(run, validation, listeners);
      } else {
        found.get().restore(trainer);
      }
      TrainingSteps steps =
          new TrainingSteps(
              basis,
              new TrainingSteps.Passes(trainer, ring, limit.parts(basis.cost()), validation),
              new TrainingSteps.Saving(run, checkpoints, origin),
              host.control(),
              listeners,
              skipped,
              start);
      boolean finished = steps.run();
      return result(steps.step(), finished);
    }
  }

  /// Decides how steps are cut. How much memory a GPU has shows only when it is allocated, so there
  /// nothing is cut in advance, and nothing taken.
  private StepParts.Limit limit() {
    long automatic = onCpu() ? StepParts.Limit.byMachine(host.memory()) : StepParts.Limit.NONE;
    return StepParts.Limit.of(basis.loop().guards().partMib(), automatic, run.folder(), listeners);
  }

  private MemoryBudget.Share takeMemory(StepParts.Limit limit, Optional<Validation> validation) {
    long buffer = validation.map(Validation::bytes).orElse(0L);
    return onCpu() ? limit.takeMemory(host.memory(), basis.needs(), buffer) : null;
  }

  private boolean onCpu() {
    return host.device() == Device.CPU;
  }

  private NativeRing ring() {
    BatchWriter.Sizes sizes = basis.plan().sizes();
    return new NativeRing(
        basis.loop().ringSlots(),
        sizes.rows(),
        sizes.tokens(),
        sizes.phoneticUnits(),
        basis.plan().featureWidth(),
        host.device());
  }

  private Result finishedBefore() {
    ModelFiles.card(run.folder()); // Refuses a damaged model.
    basis.model().fill(run.folder());
    RunFolder.metrics(run.folder()).forEach(listeners::line);
    if (listeners.training() == null) {
      throw DuovoxException.badData(
          "%s: has no report of the run, which is finished; put it back, or train in another folder"
              .formatted(run.folder().resolve(RunFolder.METRICS)));
    }
    checkpoints.discardBest(); // A process that was killed may have left them.
    checkpoints.discardAfter(Long.MAX_VALUE);
    return result(listeners.training().step(), true);
  }

  private Result result(long steps, boolean finished) {
    return new Result(
        run.folder(),
        steps,
        basis.model().elements(),
        finished,
        listeners.training(),
        listeners.validation());
  }
}
