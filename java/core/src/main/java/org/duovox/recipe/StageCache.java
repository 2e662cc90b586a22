package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.AtomicFiles;
import org.duovox.io.Hashes;
import org.duovox.io.Json;

/// Runs the stages of a recipe in one output folder and reuses a finished stage whose inputs and
/// settings are unchanged.
///
/// A stage owns the folder `stages/NAME`; when it has ended well, `stages/NAME.json` records its
/// key: a hash of the settings, of the keys of the stages it reads, and of the contents of outside
/// files. The record goes before the stage starts and comes back after it has ended, so an
/// interrupted stage is never taken for a finished one. Stages of different names may run on
/// several threads.
public final class StageCache {
  /// Bump when a stage's meaning changes, so that older outputs are made again.
  private static final int FORMAT = 1;

  /// What is written beside a finished stage.
  public record StageRecord(String name, String key, double seconds) {}

  /// A finished stage: its folder, its key for the stages that read it, and whether it was reused.
  public record Stage(String name, Path folder, String key, boolean reused, double seconds) {}

  /// The work of a stage: writes everything under the folder, which may not exist yet.
  public interface Work {
    /// Does the work.
    void run(Path folder);
  }

  /// Is told when stages start and end.
  public interface Listener {
    /// A stage begins to run.
    default void started(String name) {}

    /// A stage has ended or was reused.
    default void finished(Stage stage) {}
  }

  private final Path root;
  private final Listener listener;
  private final List<Stage> finished = Collections.synchronizedList(new ArrayList<>());

  /// A cache under `output/stages`.
  public StageCache(Path output, Listener listener) {
    this.root = output.resolve("stages");
    this.listener = listener;
  }

  /// Runs `work` unless a finished stage of this name has the same settings and inputs.
  ///
  /// @param settings values whose JSON is part of the key
  public Stage run(String name, Object settings, Collection<Stage> inputs, Work work) {
    String key = key(name, settings, inputs);
    Path folder = root.resolve(name);
    Path record = root.resolve(name + ".json");
    Stage stage = reusable(name, key, folder, record);
    if (stage == null) {
      stage = execute(name, key, folder, record, work);
    }
    finished.add(stage);
    listener.finished(stage);
    return stage;
  }

  /// Stages run or reused so far, in the order in which they ended.
  public List<Stage> finished() {
    synchronized (finished) {
      return List.copyOf(finished);
    }
  }

  private Stage execute(String name, String key, Path folder, Path record, Work work) {
    listener.started(name);
    AtomicFiles.discard(record);
    long start = System.nanoTime();
    work.run(folder);
    if (Thread.currentThread().isInterrupted()) {
      throw new Interrupted(name);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    AtomicFiles.write(record, Json.pretty(new StageRecord(name, key, seconds)));
    return new Stage(name, folder, key, false, seconds);
  }

  private static Stage reusable(String name, String key, Path folder, Path record) {
    if (!Files.isRegularFile(record) || !Files.isDirectory(folder)) {
      return null;
    }
    try {
      StageRecord old = Json.read(record, StageRecord.class);
      return old.key().equals(key) ? new Stage(name, folder, key, true, old.seconds()) : null;
    } catch (DuovoxException e) {
      return null; // An unreadable record only means that the stage runs again.
    }
  }

  private static String key(String name, Object settings, Collection<Stage> inputs) {
    Hashes.Builder hash =
        Hashes.builder().add("stage " + FORMAT).add(name).add(Json.line(settings));
    inputs.forEach(input -> hash.add(input.key()));
    return hash.finish();
  }

  /// The run was interrupted in a stage; what had finished before is kept.
  public static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Interrupted(String stage) {
      super("interrupted in stage " + stage);
    }
  }
}
