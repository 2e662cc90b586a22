package org.duovox.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.recipe.StageCache.Stage;

/// Where stages lie: `stages/NAME` of one run, or `NAME-KEY` of a store that several recipes share.
///
/// In a shared store equal stages are one folder, whichever recipe comes first: the others wait for
/// it and then reuse it. A stage that cannot be made is tried once in a process, and fails all
/// recipes that need it.
public final class StageStore {
  private static final int KEY_SHOWN = 12;

  private final Path root;
  private final boolean shared;
  private final int sample;
  private final Map<DataConfig, DataSet> data = new ConcurrentHashMap<>();
  private final Map<List<Object>, WordMeaning.SpokenWords> words = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
  private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

  private StageStore(Path root, boolean shared, int sample) {
    this.root = root;
    this.shared = shared;
    this.sample = sample;
  }

  /// Returns the stages of one run, in its folder.
  static StageStore of(Path output) {
    return new StageStore(output.resolve("stages"), false, 0);
  }

  /// Returns a store that several recipes share.
  public static StageStore shared(Path root) {
    return new StageStore(root, true, 0);
  }

  /// Returns a store for recipes that read a few utterances alone, to see how long they take.
  ///
  /// @param utterances how many, spread evenly; all of them train
  public static StageStore sampling(Path root, int utterances) {
    return new StageStore(root, true, utterances);
  }

  /// Returns how many utterances the data of a recipe has, copies included.
  public static int utterances(DataConfig config) {
    return DataSet.count(config);
  }

  /// Returns how many folds the data of a recipe is divided into.
  public static int folds(DataConfig config) {
    return DataSet.folds(config);
  }

  /// Returns the data of a recipe; recipes that share a store read it once, whatever part of it
  /// they pretrain on.
  DataSet data(DataConfig config) {
    return data.computeIfAbsent(
        config.whole(),
        settings -> sample > 0 ? DataSet.sample(settings, sample) : DataSet.read(settings));
  }

  /// Returns the words of dev or test; recipes that share a store read them once.
  WordMeaning.SpokenWords words(Path folder, DataConfig config) {
    return words.computeIfAbsent(
        List.of(folder, config.rules()), key -> WordMeaning.SpokenWords.read(folder, config));
  }

  /// Returns whether several recipes share the stages.
  boolean isShared() {
    return shared;
  }

  Path folder(StageRecord stage) {
    return root.resolve(place(stage));
  }

  Path record(StageRecord stage) {
    return root.resolve(place(stage) + ".json");
  }

  /// Returns the file with the key of a training that was begun and has not ended.
  Path begun(StageRecord stage) {
    return root.resolve(place(stage) + ".begun");
  }

  private String place(StageRecord stage) {
    return shared ? stage.name() + "-" + stage.key().substring(0, KEY_SHOWN) : stage.name();
  }

  /// Waits until no other thread makes this stage.
  Turn enter(StageRecord stage) {
    ReentrantLock lock = locks.computeIfAbsent(place(stage), place -> new ReentrantLock());
    lock.lock();
    return new Turn(lock, stage.key());
  }

  /// The time during which one thread alone makes a stage, or finds it made.
  final class Turn implements AutoCloseable {
    private final ReentrantLock lock;
    private final String key;

    private Turn(ReentrantLock lock, String key) {
      this.lock = lock;
      this.key = key;
    }

    /// Returns the stage, unless it failed for another recipe before.
    Stage attempt(Supplier<Stage> work) {
      RuntimeException earlier = failures.get(key);
      if (earlier != null) {
        throw earlier;
      }
      try {
        return work.get();
      } catch (CancellationException e) { // It only did what it was asked to.
        throw e;
      } catch (RuntimeException e) {
        boolean mayWorkLater = e instanceof DuovoxException d && d.kind() == Kind.RETRY;
        if (shared && !mayWorkLater) {
          failures.put(key, e);
        }
        throw e;
      }
    }

    @Override
    public void close() {
      lock.unlock();
    }
  }
}
