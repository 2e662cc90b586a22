package org.duovox.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.AtomicFiles;
import org.duovox.io.FileActions;
import org.duovox.io.Json;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;

/// The folder of a run that survives its process: there from the start, filled as the run goes on,
/// finished when `model.safetensors` stands in it (docs/training.md).
///
/// One process at a time holds it.
public final class ResumableRun implements TrainListener, AutoCloseable {
  /// Name of the folder of checkpoints.
  public static final String CHECKPOINTS = "checkpoints";

  /// Name of the file of times.
  public static final String TIMING = "timing.jsonl";

  /// Name of the file of what was said on the console.
  public static final String CONSOLE = "console.log";

  static final String ENVIRONMENT = "environment.json";
  static final String RESULT = "result.json";

  /// `result.json` of a finished run.
  ///
  /// @param steps done
  /// @param stoppedEarly whether that is less than the schedule
  /// @param modelStep step of the model that stands in the folder
  /// @param bestStep of the lowest validation loss; 0 when it was not remembered
  record Finished(long steps, boolean stoppedEarly, long modelStep, long bestStep) {}

  private final Path folder;
  private final RunLock lock;
  private final RunLines metrics;
  private final RunLines timing;
  private final RunLines console;
  private final boolean isNew;
  private Optional<Timing> lastTiming = Optional.empty();

  private ResumableRun(Path folder, boolean isNew, RunLock lock) {
    this.folder = folder;
    this.isNew = isNew;
    this.lock = lock;
    this.metrics = new RunLines(folder.resolve(RunFolder.METRICS));
    this.timing = new RunLines(folder.resolve(TIMING));
    this.console = new RunLines(folder.resolve(CONSOLE));
  }

  /// Takes a folder for a run.
  ///
  /// @param resume whether a run may be there already
  /// @throws DuovoxException (CANNOT_CREATE) when it holds a run and `resume` is false, when it
  ///   holds other files, when another process trains in it, or when it takes no files
  public static ResumableRun open(Path folder, boolean resume) {
    requireUsable(folder, resume);
    boolean isNew = !Files.exists(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create the folder " + folder, e);
    }
    RunLock lock = RunLock.take(folder);
    try {
      requireUsable(folder, resume); // Another process may have been faster.
      removeTemporaries(folder);
      return new ResumableRun(folder, isNew, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void requireUsable(Path folder, boolean resume) {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw DuovoxException.cannotCreate(
          "cannot create the folder " + folder + ": a file of that name exists; choose another",
          null);
    }
    if (Files.exists(folder.resolve(RunFolder.SETTINGS))) {
      if (!resume) {
        throw DuovoxException.cannotCreate(
            folder
                + " holds a run already; go on with --resume, choose another folder, or begin anew"
                + " with --replace, which keeps the run under another name",
            null);
      }
      return;
    }
    foreign(folder)
        .ifPresent(name -> {
          throw DuovoxException.cannotCreate(
              "will not train in the folder %s: it holds %s, which is no file of a run; choose an empty or a new folder"
                  .formatted(folder, name),
              null);
        });
  }

  // A run that was killed before its settings stood has no more than these.
  private static Optional<String> foreign(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name ->
              !name.equals(RunLock.FILE)
                  && !name.equals(RunFolder.METRICS)
                  && !name.equals(TIMING)
                  && !name.equals(CONSOLE)
                  && !isTemporary(name))
          .findFirst();
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot look into the folder " + folder, e);
    }
  }

  private static boolean isTemporary(String name) {
    return name.startsWith(".") && name.contains(".tmp-");
  }

  // What a killed process could not remove itself; with the lock held, nobody else writes here.
  private static void removeTemporaries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(path -> isTemporary(path.getFileName().toString()))
          .forEach(AtomicFiles::discard);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot look into the folder " + folder, e);
    }
  }

  /// Writes what is known before the first step, or checks it against the run that is there.
  ///
  /// @throws DuovoxException (BAD_CONFIG, BAD_DATA) when that is of other settings or another
  ///   corpus
  void begin(RunSettings settings, UnitModel model, RunEnvironment environment) {
    Path file = folder.resolve(RunFolder.SETTINGS);
    if (Files.exists(file)) {
      settings.requireSame(file);
    }
    if (!isFinished()) {
      AtomicFiles.write(file, Json.pretty(settings)); // First: it says that this is a run.
      AtomicFiles.write(folder.resolve(ModelFiles.CONFIG), Json.pretty(model.card()));
      AtomicFiles.write(folder.resolve(ENVIRONMENT), Json.pretty(environment));
    }
  }

  /// Whether the run is done.
  public boolean isFinished() {
    return Files.exists(folder.resolve(ModelFiles.TENSORS));
  }

  /// The folder's checkpoints.
  Checkpoints checkpoints(int keep, FileActions files) {
    return new Checkpoints(folder.resolve(CHECKPOINTS), keep, files);
  }

  /// Goes back to where a checkpoint saw the metrics, or to the beginning.
  void rewind(Optional<CheckpointState> state) {
    metrics.cut(
        state.map(CheckpointState::metricsBytes).orElse(0L),
        state.map(CheckpointState::metricsSha256).orElseGet(() -> metrics.sha256(0)));
  }

  /// Hands length and sum of the metrics, now durable, to a checkpoint.
  <R> R withMetrics(BiFunction<Long, String, R> use) {
    long bytes = metrics.sync();
    return use.apply(bytes, metrics.sha256(bytes));
  }

  @Override
  public void timing(Timing last) {
    timing.add(Json.line(last));
    lastTiming = Optional.of(last);
  }

  @Override
  public void line(TrainLine line) {
    metrics.add(Json.line(line));
    note(
        lastTiming.map(time -> TrainLog.format(line, time)).orElseGet(() -> TrainLog.format(line)));
  }

  @Override
  public void remark(String text) {
    note(text);
  }

  @Override
  public void warning(String text) {
    note("warning: " + text);
  }

  @Override
  public void checkpoint(long step, Path place, double seconds) {
    note(String.format(Locale.ROOT, "checkpoint %s in %.3f s", folder.relativize(place), seconds));
  }

  /// Writes a line into the console log.
  void note(String text) {
    console.add(text);
  }

  /// Ends the run: the model stands in the folder from here on.
  void finish(UnitModel model, Finished result) {
    metrics.sync();
    console.sync();
    AtomicFiles.write(folder.resolve(RESULT), Json.pretty(result));
    ModelFiles.write(model, folder);
  }

  /// The folder.
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      metrics.close();
      timing.close();
      console.close();
      if (!Files.exists(folder.resolve(RunFolder.SETTINGS))) {
        removeTraces();
      }
    } finally {
      lock.close();
    }
  }

  // A run that was refused before it began leaves nothing.
  private void removeTraces() {
    for (String name : List.of(RunFolder.METRICS, TIMING, CONSOLE, RunLock.FILE)) {
      AtomicFiles.discard(folder.resolve(name));
    }
    if (isNew) {
      AtomicFiles.discard(folder);
    }
  }
}
