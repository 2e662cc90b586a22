package org.duovox.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.FileNames;
import org.duovox.io.TextInput;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.FileActions;
import org.duovox.io.json.Json;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.train.log.TrainLine;
import org.duovox.train.log.TrainLine.Timing;
import org.duovox.train.log.TrainListener;
import org.duovox.train.run.LoopConfig.CheckpointConfig;

/// The folder of a training run: created at the start, filled as the training goes on, finished
/// when `model.safetensors` is in it (docs/training.md). Settings, reports, console log,
/// checkpoints.
///
/// One process at a time holds it.
public final class RunFolder implements TrainListener, AutoCloseable {
  /// Name of the file of reports, one JSON line each.
  public static final String METRICS = "metrics.jsonl";

  /// Name of the file of resolved settings.
  public static final String SETTINGS = "train.json";

  /// Name of the folder of checkpoints.
  public static final String CHECKPOINTS = "checkpoints";

  /// Name of the file of times.
  public static final String TIMING = "timing.jsonl";

  /// Name of the file of everything that was printed.
  public static final String CONSOLE = "console.log";

  static final String ENVIRONMENT = "environment.json";

  /// Name of the file of the result.
  public static final String RESULT = "result.json";

  /// `result.json` of a finished run.
  ///
  /// @param steps done
  /// @param stoppedEarly whether that is less than the schedule
  /// @param modelStep step of the model in the folder
  /// @param bestStep of the lowest validation loss; 0 when its model was not kept
  public record Finished(long steps, boolean stoppedEarly, long modelStep, long bestStep) {}

  private static final String REMARK = "remark: ";
  private static final String WARNING = "warning: ";

  private final Path folder;
  private final RunLock lock;
  private final RunLines metrics;
  private final RunLines timing;
  private final RunLines console;
  private final boolean isNew;
  private Optional<Timing> lastTiming = Optional.empty();
  private BiFunction<TrainLine, Timing, String> format = TrainLine::text;

  private RunFolder(Path folder, boolean isNew, RunLock lock) {
    this.folder = folder;
    this.isNew = isNew;
    this.lock = lock;
    this.metrics = new RunLines(folder.resolve(METRICS));
    this.timing = new RunLines(folder.resolve(TIMING));
    this.console = new RunLines(folder.resolve(CONSOLE));
  }

  /// Returns the reports of a run, in order.
  ///
  /// @throws DuovoxException (MISSING_INPUT) when the folder is not that of a run
  public static List<TrainLine> metrics(Path run) {
    Path file = run.resolve(METRICS);
    if (!Files.exists(file)) {
      throw DuovoxException.missing(run + " is not a training run: it has no " + METRICS);
    }
    return Json.lines(file, TrainLine.class);
  }

  /// Returns the remarks and warnings of a run, each once; warnings begin with `warning: `.
  public static List<String> remarks(Path run) {
    Path file = run.resolve(CONSOLE);
    if (!Files.exists(file)) {
      return List.of(); // A run of an earlier build.
    }
    return TextInput.readWritten(file)
        .lines()
        .filter(line -> line.startsWith(REMARK) || line.startsWith(WARNING))
        .map(line -> line.startsWith(REMARK) ? line.substring(REMARK.length()) : line)
        .distinct()
        .toList();
  }

  /// Returns whether a folder holds a run, finished or not.
  public static boolean isRun(Path folder) {
    return Files.isRegularFile(folder.resolve(SETTINGS));
  }

  /// Returns whether a run has left its settings or reports in a folder. The reports are created
  /// first, so a run that has not begun, or that was damaged, has no settings.
  public static boolean hasRecord(Path folder) {
    return isRun(folder) || Files.isRegularFile(folder.resolve(METRICS));
  }

  /// Renames the folder of a run, to make place for another one; returns its new name. A run is
  /// never deleted.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) when a process trains in it
  public static Path setAside(Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    Path to;
    int number = 1;
    do {
      String ending = ".replaced-" + number++;
      to = from.resolveSibling(FileNames.around("", from.getFileName().toString(), ending));
    } while (Files.exists(to));
    RunLock.take(from, true).close();
    try {
      Files.move(from, to);
      return to;
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot rename the run " + folder, e);
    }
  }

  /// Opens a folder for a run, and locks it.
  ///
  /// @param resume whether a run may be there already
  /// @throws DuovoxException (CANNOT_CREATE) when it holds a run and `resume` is false, when it
  ///   holds other files, when another process trains in it, or when it takes no files
  public static RunFolder open(Path folder, boolean resume) {
    boolean isNew = !Files.exists(folder);
    RunLock lock = RunLock.take(folder, resume);
    try {
      return new RunFolder(folder, isNew, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Writes what is known before the first step, or checks it against the run that is there.
  ///
  /// @param format of reports in `console.log`
  /// @param device that computes
  /// @throws DuovoxException (BAD_CONFIG, BAD_DATA) when that run has other settings or another
  ///   corpus
  public void begin(
      BiFunction<TrainLine, Timing, String> format,
      RunSettings settings,
      ModelCard model,
      Device device) {
    this.format = format;
    Path file = folder.resolve(SETTINGS);
    if (Files.exists(file)) {
      settings.requireSame(file);
    }
    if (!isFinished()) {
      RunEnvironment environment = RunEnvironment.here(device.name(), settings.corpusSha256());
      AtomicFiles.write(file, Json.pretty(settings)); // First: it says that this is a run.
      AtomicFiles.write(folder.resolve(ModelFiles.CONFIG), Json.pretty(model));
      AtomicFiles.write(folder.resolve(ENVIRONMENT), Json.pretty(environment));
    }
  }

  /// Returns whether the run is finished.
  public boolean isFinished() {
    return Files.exists(folder.resolve(ModelFiles.TENSORS));
  }

  /// Returns the folder's checkpoints.
  public Checkpoints checkpoints(CheckpointConfig config, FileActions files) {
    return new Checkpoints(folder.resolve(CHECKPOINTS), config, files);
  }

  /// Removes the checkpoints of a finished run.
  public void discardCheckpoints() {
    if (isFinished() && Files.isDirectory(folder.resolve(CHECKPOINTS))) {
      AtomicFiles.discard(folder.resolve(CHECKPOINTS));
    }
  }

  /// Cuts the metrics back to where a checkpoint saw them, or to nothing.
  public void rewind(Optional<CheckpointState> state) {
    metrics.cut(
        state.map(CheckpointState::metricsBytes).orElse(0L),
        state.map(CheckpointState::metricsSha256).orElseGet(() -> metrics.sha256(0)));
  }

  /// Makes the metrics durable and passes their length in bytes and their SHA-256 on.
  public <R> R withMetrics(BiFunction<Long, String, R> use) {
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
    note(format.apply(line, lastTiming.orElseGet(() -> Timing.of(line, 0))));
  }

  @Override
  public void remark(String text) {
    note(REMARK + text);
  }

  @Override
  public void warning(String text) {
    note(WARNING + text);
  }

  @Override
  public void checkpoint(long step, Path place, double seconds) {
    note(String.format(Locale.ROOT, "checkpoint %s in %.3f s", folder.relativize(place), seconds));
  }

  /// Writes a line into the console log.
  public void note(String text) {
    console.add(text);
  }

  /// Finishes the run: writes its result and its model.
  public void finish(UnitModel model, Finished result) {
    metrics.sync();
    console.sync();
    AtomicFiles.write(folder.resolve(RESULT), Json.pretty(result));
    ModelFiles.write(model, folder);
  }

  /// Returns the folder.
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      metrics.close();
      timing.close();
      console.close();
      if (!Files.exists(folder.resolve(SETTINGS))) {
        removeTraces();
      }
    } finally {
      lock.close();
    }
  }

  // A run that was refused before it began leaves nothing.
  private void removeTraces() {
    for (String name : List.of(METRICS, TIMING, CONSOLE, RunLock.FILE)) {
      AtomicFiles.discard(folder.resolve(name));
    }
    if (isNew) {
      AtomicFiles.discard(folder);
    }
  }
}
