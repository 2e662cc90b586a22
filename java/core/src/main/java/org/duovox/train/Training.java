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
import org.duovox.io.FileActions;
import org.duovox.model.BatchSizes;
import org.duovox.model.UnitModel;
import org.duovox.train.Checkpoints.Found;
import org.duovox.train.TrainLoop.Next;

/// The one way to train, whatever is trained: begin, or go on from the newest checkpoint; then step
/// after step, and between two steps validate, save, leave or end; then finish the run's folder.
///
/// On the calling thread, but for the filling of batches. Interrupting it saves the run and ends it
/// between two steps.
public final class Training {
  /// What a training came to: the last report of its steps, and of the validation when there was
  /// one.
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

  private final TrainTask task;
  private final RunFolder run;
  private final TrainHost host;
  private final UnitModel model;
  private final TrainPlan plan;
  private final LoopConfig loop;
  private final Checkpoints checkpoints;
  private final CheckpointState.Origin origin;
  private final Listeners listeners = new Listeners();
  private NativeTrainer trainer;
  private StepParts parts;
  private Optional<Validation> validation = Optional.empty();
  private BestModel best;
  private SkippedSteps skipped;
  private long step;
  private int epoch;
  private int batches;
  private Next end = Next.GO_ON;

  /// @param task what is trained; its model is the caller's to close
  /// @param run to begin or to resume; the caller closes it
  public Training(TrainTask task, RunFolder run, TrainHost host) {
    this.task = task;
    this.run = run;
    this.host = host;
    this.model = task.model();
    this.plan = task.plan();
    this.loop = task.loop();
    this.checkpoints = run.checkpoints(loop.checkpoints(), FileActions.REAL);
    this.origin = CheckpointState.Origin.here(task, host.device());
  }

  /// Trains until the schedule ends, validations find nothing better, or somebody asks to leave.
  ///
  /// @throws DuovoxException DIVERGED when too many steps are not finite; RETRY when there is not
  ///   enough memory, or when interrupted; BAD_CONFIG, BAD_DATA when the folder is of another run
  public Result run() {
    String corpus = task.settings().corpusSha256();
    run.begin(task, RunEnvironment.here(host.device().name(), corpus));
    task.describe(run);
    if (run.isFinished()) {
      return finishedBefore();
    }
    List<String> warnings = new ArrayList<>();
    Optional<Found> found = checkpoints.latest(warnings::add);
    found.ifPresent(from -> restore(from, warnings));
    Position start = found.map(Found::state).map(Position::of).orElse(Position.START);
    run.rewind(found.map(Found::state));
    checkpoints.discardAfter(start.step());
    try (EventFile events = new EventFile(run.folder(), start.step(), InstantSource.system())) {
      listen(start, events);
      found
          .map(from -> "resumed from " + run.folder().relativize(from.folder()))
          .ifPresent(listeners::remark);
      warnings.forEach(listeners::warning);
      train(start, found);
    } catch (DuovoxException e) {
      run.note("ended: " + e.getMessage());
      throw e;
    }
    return result(end == Next.FINISH);
  }

  private void restore(Found from, List<String> warnings) {
    CheckpointFiles.requireSameModel(model, from.folder());
    from.state().origin().requireSame(origin, from.folder());
    warnings.addAll(from.state().origin().warnings(origin));
    model.fill(from.folder());
  }

  /// Who hears of the training, in this order: the files of the run first, so that what anybody is
  /// told is written; the guard that may end the training last, so that everybody heard why.
  private void listen(Position start, EventFile events) {
    Watches watches = new Watches(WatchConfig.defaults(), listeners::warning);
    watches.replay(start.step() == 0 ? List.of() : RunFolder.metrics(run.folder()));
    int limit = loop.guards().maxSkipped();
    skipped = new SkippedSteps(task.section(), limit, plan::utterances, listeners, start.skipped());
    listeners.add(run).add(host.listener()).add(events).add(watches).add(skipped);
    listeners.begin(start.training(), start.validation());
  }

  @SuppressWarnings("try") // Held to be closed: the validation's buffer, and the memory.
  private void train(Position start, Optional<Found> found) {
    validation = task.validation();
    try (Validation held = validation.orElse(null);
        MemoryBudget.Share memory = takeMemory();
        NativeTrainer optimizer = new NativeTrainer(model.nativeModel(), task.optimizer());
        NativeRing ring = ring()) {
      trainer = optimizer;
      if (found.isEmpty()) {
        task.beforeFirstStep(run, validation, listeners);
      } else {
        CheckpointFiles.read(optimizer, found.get().folder());
      }
      takeSteps(ring, start);
      if (end == Next.FINISH) {
        finish();
      }
    }
  }

  /// Decides how steps are cut, and takes the memory for them. A GPU's shows only when it is asked
  /// for: nothing is taken there.
  private MemoryBudget.Share takeMemory() {
    boolean cpu = host.device() == Device.CPU;
    long automatic = cpu ? PartLimit.byMachine(host.memory().host()) : StepParts.NO_LIMIT;
    PartLimit limit = PartLimit.of(loop.guards().partMib(), automatic, run.folder(), listeners);
    parts = limit.parts(task);
    long held = validation.map(Validation::bytes).orElse(0L);
    return cpu ? limit.take(host.memory(), task, held) : null;
  }

  private NativeRing ring() {
    BatchSizes sizes = plan.sizes();
    return new NativeRing(
        loop.ringSlots(),
        sizes.rows(),
        sizes.tokens(),
        sizes.phoneticUnits(),
        plan.featureWidth(),
        host.device());
  }

  private void takeSteps(NativeRing ring, Position start) {
    best = new BestModel(loop.validation(), checkpoints, model, start.best());
    standAt(start.step(), start.epoch(), start.batches());
    TrainLoop steps =
        new TrainLoop(
            trainer, ring, parts, plan.steps(), loop.reportEvery(), loop.accumulation(), listeners);
    try (BatchLoader loader = new BatchLoader(ring, plan.source(epoch, batches))) {
      steps.run(loader, step, this::between);
    } catch (DuovoxException e) {
      if (Thread.currentThread().isInterrupted() && e.kind() == DuovoxException.Kind.RETRY) {
        saveInterrupted(start);
      }
      throw e;
    }
  }

  private void standAt(long newStep, int newEpoch, int newBatches) {
    step = newStep;
    epoch = newEpoch;
    batches = newBatches;
  }

  private Next between(long done, int ofEpoch, int batchesDone, boolean epochEnds) {
    standAt(done, ofEpoch, batchesDone);
    boolean last = done == plan.steps();
    if (validation.isPresent() && (last || loop.validation().isDue(done, epochEnds))) {
      validate(validation.get());
    }
    if (last || best.isLost()) {
      end = Next.FINISH;
      return end;
    }
    boolean leave = host.control().isLeaving();
    boolean asked = host.control().takeSave();
    if (leave || asked || checkpoints.isDue(done)) {
      save();
    }
    end = leave ? Next.LEAVE : Next.GO_ON;
    return end;
  }

  private void validate(Validation held) {
    TrainLine line = held.run(trainer, parts, epoch);
    listeners.line(line);
    best.see(line);
  }

  private void save() {
    if (!checkpoints.areWritten()) {
      return;
    }
    long begun = System.nanoTime();
    Position position =
        new Position(
            step,
            epoch,
            batches,
            best.memory(),
            skipped.inRow(),
            listeners.training(),
            listeners.validation());
    Path place =
        run.withMetrics((bytes, sum) ->
            checkpoints.save(model, trainer, CheckpointState.at(position, bytes, sum, origin)));
    listeners.checkpoint(step, place, (System.nanoTime() - begun) / 1e9);
  }

  // An interrupted thread can neither write nor lock files, so it is interrupted again afterwards.
  private void saveInterrupted(Position start) {
    boolean interrupted = Thread.interrupted();
    try {
      if (step > start.step()) {
        save();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void finish() {
    skipped.requireAnyTaken(step);
    boolean early = step < plan.steps();
    if (early) {
      listeners.remark(
          "stopped early: no lower validation loss in %d validations; %s"
              .formatted(
                  loop.validation().patience(),
                  best.step() == 0
                      ? "none was a number"
                      : "the lowest was after step " + best.step()));
    }
    long modelStep = best.restore(step, listeners::warning);
    run.finish(model, new RunFolder.Finished(step, early, modelStep, best.step()));
    checkpoints.discardBest();
  }

  private Result finishedBefore() {
    checkpoints.discardBest(); // Of a process that was killed before it came to that.
    checkpoints.discardAfter(Long.MAX_VALUE);
    for (TrainLine line : RunFolder.metrics(run.folder())) {
      boolean training = line.kind() == TrainLine.Kind.TRAIN;
      listeners.begin(
          training ? line : listeners.training(), training ? listeners.validation() : line);
    }
    return result(true);
  }

  private Result result(boolean finished) {
    return new Result(
        run.folder(),
        finished && step == 0 ? listeners.training().step() : step,
        model.elements(),
        finished,
        listeners.training(),
        listeners.lastValidation());
  }
}
