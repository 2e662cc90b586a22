package org.duovox.train.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.duovox.DuovoxException;

/// Writes the figures of a training for TensorBoard: `events.out.tfevents.<seconds>.duovox` in the
/// run folder, a new file for every start.
///
/// The file of a resumed training tells readers to forget what earlier files say about the steps
/// that are repeated. A file that cannot be written (a full disk) ends with a warning: the training
/// goes on, and `metrics.jsonl` has the same figures.
public final class EventFile implements TrainListener, AutoCloseable {
  /// Prefix of the names of event files; TensorBoard looks for it.
  public static final String PREFIX = "events.out.tfevents.";

  private static final System.Logger LOG = System.getLogger(EventFile.class.getName());

  private final Path file;
  private final InstantSource clock;
  private OutputStream out; // Null after a failure.

  /// Starts a file.
  ///
  /// @param folder of the run; it exists
  /// @param done steps done so far: 0 for a new training, else those of the checkpoint
  /// @param clock of the events' wall time
  public EventFile(Path folder, long done, InstantSource clock) {
    this.clock = clock;
    this.file = folder.resolve(name(folder, clock.instant().getEpochSecond()));
    try {
      // Not a channel, which an interruption of the thread would close.
      Files.createFile(file);
      this.out = new FileOutputStream(file.toFile());
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + file, e);
    }
    write(EventRecord.version(now()));
    write(EventRecord.start(now(), done + 1));
  }

  /// Returns the file.
  public Path file() {
    return file;
  }

  @Override
  public void line(TrainLine line) {
    String kind = line.kind().name().toLowerCase(Locale.ROOT) + "/";
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(kind + "loss", line.loss());
    values.put(kind + "mcp", line.mcp());
    values.put(kind + "mcr", line.mcr());
    values.put(kind + "accuracy", line.accuracy());
    TrainLine.Health health = line.health();
    values.put(kind + "predicted_entropy", health.predictedEntropy());
    values.put(kind + "predicted_top", health.predictedTop());
    values.put(kind + "target_entropy", health.targetEntropy());
    values.put(kind + "target_top", health.targetTop());
    if (line.kind() == TrainLine.Kind.TRAIN) {
      values.put(kind + "learning_rate", line.learningRate());
      values.put(kind + "gradient_norm", line.gradientNorm());
      values.put(kind + "loss_scale", health.lossScale());
      values.put(kind + "skipped", (double) health.skipped());
      values.put(kind + "spikes", (double) health.spikes());
    }
    scalars(line.step(), values);
  }

  @Override
  public void timing(TrainLine.Timing timing) {
    if (timing.kind() == TrainLine.Kind.TRAIN) {
      scalars(timing.step(), Map.of("speed/units_per_second", timing.unitsPerSecond()));
    }
  }

  /// Writes scalars of a step; those that are not finite are left out.
  void scalars(long step, Map<String, Double> values) {
    Map<String, Double> finite = new LinkedHashMap<>(values);
    finite.values().removeIf(value -> !Double.isFinite(value));
    if (!finite.isEmpty()) {
      write(EventRecord.scalars(now(), step, finite));
    }
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      warn(e);
    }
    out = null;
  }

  private void write(byte[] event) {
    try {
      if (out != null) {
        out.write(event);
      }
    } catch (IOException e) {
      warn(e);
      out = null;
    }
  }

  private void warn(IOException e) {
    LOG.log(
        System.Logger.Level.WARNING,
        "no more events for TensorBoard: cannot write {0}: {1}",
        file,
        DuovoxException.reason(e));
  }

  private double now() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  // TensorBoard reads the files of a folder in the order of their names, so a name must come after
  // all others, also when the clock was set back or two starts fall into one second.
  private static String name(Path folder, long seconds) {
    long next = seconds;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path other : files) {
        String stamp = other.getFileName().toString().substring(PREFIX.length()).split("\\.")[0];
        if (stamp.matches("[0-9]{1,12}")) {
          next = Math.max(next, Long.parseLong(stamp) + 1);
        }
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + folder, e);
    }
    return "%s%010d.duovox".formatted(PREFIX, next);
  }
}
