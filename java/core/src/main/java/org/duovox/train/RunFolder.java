package org.duovox.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Json;
import org.duovox.io.PendingDirectory;
import org.duovox.model.MatchReport;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;

/// The folder of a training: `config.json`, `model.safetensors`, `train.json` (resolved settings),
/// `metrics.jsonl` (one line per report), `timing.jsonl`. It appears, complete, on [#commit(UnitModel)].
public final class RunFolder implements TrainListener, AutoCloseable {
  /// Name of the file of reports.
  public static final String METRICS = "metrics.jsonl";

  /// Name of the file of resolved settings.
  public static final String SETTINGS = "train.json";

  private final PendingDirectory folder;

  /// Starts a folder and writes the settings into it.
  public RunFolder(Path target, Object settings) {
    folder = AtomicFiles.createDirectory(target);
    try {
      AtomicFiles.write(folder.path().resolve(SETTINGS), Json.pretty(settings));
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /// Adds how the model was sized.
  void add(MatchReport match) {
    match.write(folder.path());
  }

  /// Appends a report.
  @Override
  public void line(TrainLine line) {
    append(METRICS, line);
  }

  /// Appends the time of a report.
  @Override
  public void timing(Timing timing) {
    append(ResumableRun.TIMING, timing);
  }

  private void append(String name, Object value) {
    Path file = folder.path().resolve(name);
    try {
      Files.write(
          file,
          (Json.line(value) + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  /// Where something may be kept until the folder is published or removed.
  Path scratch(String name) {
    return folder.path().resolve(name);
  }

  /// Adds the model and publishes everything.
  public void commit(UnitModel model) {
    ModelFiles.write(model, folder.path());
    folder.commit();
  }

  @Override
  public void close() {
    folder.close();
  }

  /// The reports of a finished run.
  public static List<TrainLine> metrics(Path run) {
    Path file = run.resolve(METRICS);
    List<TrainLine> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        lines.add(Json.parse(line, TrainLine.class, file + ":" + (lines.size() + 1)));
      }
      return lines;
    } catch (java.nio.file.NoSuchFileException e) {
      throw DuovoxException.missing(run + " is not a training run: it has no " + METRICS);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }
}
