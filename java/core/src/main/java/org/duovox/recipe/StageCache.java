package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.TextInput;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.train.log.TrainControl;

/// Runs the stages of a recipe in one output folder and reuses a finished stage whose inputs and
/// settings are unchanged.
///
/// A stage owns the folder `stages/NAME`; when it has ended well, `stages/NAME.json` records its
/// key: a hash of the versions that made it, of the settings, of the keys of the stages it reads,
/// and of the contents of outside files. The record goes before the stage starts and comes back
/// after it has ended, so an interrupted stage is never taken for a finished one. Stages of
/// different names may run on several threads. In a [StageStore] that several recipes share, the
/// folder's name ends in the beginning of the key.
public final class StageCache {
  /// Bump when a stage's meaning changes, so that older outputs are made again.
  private static final int FORMAT = 2;

  /// A finished stage. It has its folder, its key for the stages that read it, and whether it was
  /// reused.
  public record Stage(String name, Path folder, String key, boolean reused, double seconds) {}

  /// The work of a stage: writes everything under the folder, which may not exist yet.
  public interface Work {
    /// Does the work.
    void run(Path folder);
  }

  /// Receives the starts and ends of stages.
  public interface Listener {
    /// A stage has an output but must run again, for this reason.
    default void again(String name, String reason) {}

    /// A stage begins to run.
    default void started(String name) {}

    /// A stage has ended or was reused.
    default void finished(Stage stage) {}
  }

  private final StageStore store;
  private final Map<String, String> versions;
  private final TrainControl control;
  private final Listener listener;
  private final List<Stage> finished = Collections.synchronizedList(new ArrayList<>());

  /// Opens a cache under `output/stages`.
  ///
  /// @param versions of what every stage runs on, by name
  /// @param control once it asks to stop, no stage begins
  public StageCache(
      Path output, Map<String, String> versions, TrainControl control, Listener listener) {
    this(StageStore.of(output), versions, control, listener);
  }

  /// Opens a cache of stages in a store.
  StageCache(
      StageStore store, Map<String, String> versions, TrainControl control, Listener listener) {
    this.store = store;
    this.versions = versions;
    this.control = control;
    this.listener = listener;
  }

  /// Runs `work` unless a finished stage of this name has the same versions, settings and inputs.
  ///
  /// @param settings values whose JSON is part of the key
  public Stage run(String name, Object settings, Collection<Stage> inputs, Work work) {
    return run(name, Map.of(), settings, inputs, work);
  }

  /// Runs a stage like [#run(String, Object, Collection, Work)] that depends on more versions.
  ///
  /// @param more further versions, by name
  public Stage run(
      String name, Map<String, String> more, Object settings, Collection<Stage> inputs, Work work) {
    return run(wanted(name, more, settings, inputs), work, false);
  }

  /// Runs a training likewise. It resumes what an earlier process left in the stage's folder if
  /// that had the same versions, settings and inputs.
  public Stage resume(String name, Object settings, Collection<Stage> inputs, Work work) {
    return run(wanted(name, Map.of(), settings, inputs), work, true);
  }

  private Stage run(StageRecord wanted, Work work, boolean resumes) {
    try (StageStore.Turn turn = store.enter(wanted)) {
      Stage stage = turn.attempt(() -> runAlone(wanted, work, resumes));
      finished.add(stage);
      listener.finished(stage);
      return stage;
    }
  }

  private Stage runAlone(StageRecord wanted, Work work, boolean resumes) {
    String name = wanted.name();
    Path folder = store.folder(wanted);
    Path record = store.record(wanted);
    Optional<StageRecord> old = earlier(folder, record);
    if (old.isPresent() && old.get().key().equals(wanted.key()) && old.get().isWhole(folder)) {
      return new Stage(name, folder, wanted.key(), true, old.get().seconds());
    }
    boolean begun = resumes && isBegun(wanted);
    if (Files.isDirectory(folder) && !begun) {
      listener.again(name, wanted.difference(old));
    }
    if (resumes && !begun) {
      begin(wanted, folder, record);
    }
    Stage stage = execute(wanted, folder, record, work);
    AtomicFiles.discard(store.begun(wanted));
    return stage;
  }

  /// Returns the words of dev or test.
  WordMeaning.SpokenWords words(Path folder, DataConfig config) {
    return store.words(folder, config);
  }

  /// Returns whether several recipes share the stages.
  boolean isShared() {
    return store.isShared();
  }

  /// Returns the stages run or reused so far, in the order in which they ended.
  public List<Stage> finished() {
    synchronized (finished) {
      return List.copyOf(finished);
    }
  }

  private boolean isBegun(StageRecord wanted) {
    try {
      return TextInput.read(store.begun(wanted)).strip().equals(wanted.key());
    } catch (DuovoxException e) {
      return false; // Never begun, or unreadable: it starts anew.
    }
  }

  /// Empties the folder of a training and records its key; in this order, so that a folder is never
  /// taken for the work of another key.
  private void begin(StageRecord wanted, Path folder, Path record) {
    AtomicFiles.discard(record);
    AtomicFiles.discard(store.begun(wanted));
    AtomicFiles.discard(folder);
    AtomicFiles.write(store.begun(wanted), wanted.key() + "\n");
  }

  private Stage execute(StageRecord wanted, Path folder, Path record, Work work) {
    String name = wanted.name();
    RunStopped.check(control);
    listener.started(name);
    AtomicFiles.discard(record);
    long start = System.nanoTime();
    work.run(folder);
    if (Thread.currentThread().isInterrupted()) {
      throw new RunStopped("in stage " + name);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    AtomicFiles.write(record, Json.pretty(wanted.ended(seconds, folder)));
    return new Stage(name, folder, wanted.key(), false, seconds);
  }

  /// Reads the record of a finished stage; empty when there is none that can be read, and the stage
  /// runs again.
  private static Optional<StageRecord> earlier(Path folder, Path record) {
    if (!Files.isRegularFile(record) || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(record, StageRecord.class));
    } catch (DuovoxException e) {
      return Optional.empty();
    }
  }

  /// Returns the record that the stage will have, but for the time that it takes.
  private StageRecord wanted(
      String name, Map<String, String> more, Object settings, Collection<Stage> inputs) {
    Map<String, String> all = new TreeMap<>(versions);
    all.putAll(more);
    Map<String, String> keys = new TreeMap<>();
    inputs.forEach(input -> keys.put(input.name(), input.key()));
    String line = Json.line(settings);
    Hashes.Builder hash =
        Hashes.builder().add("stage " + FORMAT).add(name).add(Json.line(all)).add(line);
    inputs.forEach(input -> hash.add(input.key()));
    return new StageRecord(name, hash.finish(), 0, all, Hashes.sha256(line), keys, Map.of());
  }
}
