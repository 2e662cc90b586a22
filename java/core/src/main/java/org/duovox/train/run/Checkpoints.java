package org.duovox.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeTrainer;
import org.duovox.io.atomic.FileActions;
import org.duovox.io.atomic.SealedFolder;
import org.duovox.io.json.Json;
import org.duovox.model.UnitModel;
import org.duovox.train.run.LoopConfig.CheckpointConfig;

/// Writes and finds the checkpoints of a run in its folder `checkpoints`: `step-00001200` for each
/// checkpoint that is kept, `best-00001000` for the model of the lowest validation loss.
///
/// The newest checkpoint is found by listing and verifying, never by a pointer that could be torn.
/// One process at a time.
public final class Checkpoints {
  private static final Pattern STEP = Pattern.compile("step-(\\d{8,18})");
  private static final Pattern BEST = Pattern.compile("best-(\\d{8,18})");

  // Saving may cost one hundredth of the time.
  private static final int SHARE = 100;

  private final Path folder;
  private final CheckpointConfig config;
  private final FileActions files;
  private long last = System.nanoTime();
  private long interval;

  /// Says that there are checkpoints, but none is whole.
  public static final class NoneWhole extends DuovoxException {
    private static final long serialVersionUID = 1;

    private NoneWhole(Path folder, DuovoxException first) {
      super(
          Kind.BAD_DATA,
          "no checkpoint in %s is whole; remove it to begin anew, or start in another folder (%s)"
              .formatted(folder, first.getMessage()),
          first);
    }
  }

  /// A checkpoint that is whole, and its state.
  public record Found(Path folder, CheckpointState state) {
    /// Refuses the checkpoint of a model of another shape, or of other units.
    ///
    /// @throws DuovoxException (BAD_DATA)
    public void requireSame(UnitModel model) {
      CheckpointFiles.requireSameModel(model, folder);
    }

    /// Sets a trainer to the checkpoint's state.
    ///
    /// @throws DuovoxException (BAD_DATA) that lists what does not fit
    public void restore(NativeTrainer trainer) {
      CheckpointFiles.read(trainer, folder);
    }
  }

  private record Numbered(long step, Path path) {
    /// Reads its state; one of another step was renamed, and is not the one that is looked for.
    CheckpointState state() {
      Path file = path.resolve(CheckpointFiles.STATE);
      CheckpointState state = Json.read(file, CheckpointState.class);
      if (state.step() != step) {
        throw DuovoxException.badData(
            "%s: is of step %d; give the folder its name back".formatted(file, state.step()));
      }
      return state;
    }
  }

  /// @param folder that is created with the first checkpoint
  /// @param config when one is written, and how many are kept
  public Checkpoints(Path folder, CheckpointConfig config, FileActions files) {
    this.folder = folder;
    this.config = config;
    this.files = files;
    this.interval = everyMinutes();
  }

  private long everyMinutes() {
    return (long) (config.everyMinutes() * 60e9);
  }

  /// Returns whether any are written.
  public boolean areWritten() {
    return config.keep() > 0;
  }

  /// Returns whether one follows this step.
  public boolean isDue(long step) {
    if (!areWritten()) {
      return false;
    }
    return config.everySteps() > 0
        ? step % config.everySteps() == 0
        : System.nanoTime() - last >= interval;
  }

  /// Returns the folder of the checkpoint of a step.
  Path step(long step) {
    return folder.resolve("step-%08d".formatted(step));
  }

  /// Returns the folder of the best model if it is that of this step.
  Path best(long step) {
    return folder.resolve("best-%08d".formatted(step));
  }

  /// Writes a checkpoint and removes those that are no longer kept.
  ///
  /// @throws DuovoxException (CANNOT_CREATE, IO) when it cannot; older ones are untouched then
  public Path save(UnitModel model, NativeTrainer trainer, CheckpointState state) {
    long begun = System.nanoTime();
    Path target = step(state.step());
    try {
      requireFolder();
      CheckpointFiles.write(files, target, model, Optional.of(trainer), Optional.of(state));
    } catch (DuovoxException e) {
      throw new DuovoxException(
          e.kind(),
          "%s; no checkpoint of step %d, the ones before are untouched; when that is mended, start the same command again (pretrain, slu train: with --resume)"
              .formatted(e.getMessage(), state.step()),
          e);
    }
    prune();
    last = System.nanoTime();
    interval = Math.max(everyMinutes(), SHARE * (last - begun));
    return target;
  }

  /// Writes the model of the lowest validation loss so far; first removes all others but the one
  /// that the newest checkpoint remembers, so that there are never more than two.
  ///
  /// A run that goes back to an older checkpoint whose best model was removed reaches the lower
  /// loss that replaced it again.
  void saveBest(UnitModel model, long step) {
    requireFolder();
    keepBest(numbered(STEP).stream().limit(1));
    CheckpointFiles.write(files, best(step), model, Optional.empty(), Optional.empty());
  }

  /// Sets a model to the best one, which is that of a step.
  ///
  /// @throws DuovoxException (BAD_DATA, MISSING_INPUT) when it is not whole
  void restoreBest(UnitModel model, long step) {
    Path best = best(step);
    SealedFolder.verify(best);
    model.fill(best);
  }

  /// Returns the newest checkpoint that is whole; warns of damaged ones and skips them.
  ///
  /// @throws NoneWhole when there are checkpoints and none is whole
  public Optional<Found> latest(Consumer<String> warnings) {
    DuovoxException first = null;
    for (Numbered candidate : numbered(STEP)) {
      try {
        SealedFolder.verify(candidate.path());
        return Optional.of(new Found(candidate.path(), candidate.state()));
      } catch (DuovoxException e) {
        first = first == null ? e : first;
        warnings.accept(
            "the checkpoint %s is damaged (%s); going back to the one before"
                .formatted(candidate.path().getFileName(), e.getMessage()));
      }
    }
    if (first != null) {
      throw new NoneWhole(folder, first);
    }
    return Optional.empty();
  }

  /// Removes what is newer than a step, and what a killed process left unfinished.
  public void discardAfter(long step) {
    Stream.of(STEP, BEST)
        .flatMap(kind -> numbered(kind).stream())
        .filter(one -> one.step() > step)
        .forEach(one -> remove(one.path()));
    list().stream()
        .filter(path -> path.getFileName().toString().startsWith(SealedFolder.TEMPORARY))
        .forEach(this::remove);
  }

  /// Removes the best models; called when one of them has become the run's.
  public void discardBest() {
    keepBest(Stream.empty());
  }

  /// Removes checkpoints that are too old, and the best models that only those remembered; of two
  /// newer ones that remember different models, both stay.
  private void prune() {
    List<Numbered> all = numbered(STEP);
    all.stream().skip(config.keep()).forEach(one -> remove(one.path()));
    keepBest(all.stream().limit(2));
  }

  private void keepBest(Stream<Numbered> checkpoints) {
    List<Long> wanted = checkpoints.map(this::bestOf).toList();
    numbered(BEST).stream()
        .filter(one -> !wanted.contains(one.step()))
        .forEach(one -> remove(one.path()));
  }

  private long bestOf(Numbered checkpoint) {
    try {
      return checkpoint.state().best().step();
    } catch (DuovoxException e) {
      return 0; // Damaged: nobody will go back to it.
    }
  }

  private void remove(Path path) {
    try {
      SealedFolder.remove(files, path);
    } catch (IOException e) {
      // An old checkpoint that stays costs space only.
      System.getLogger(Checkpoints.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove the old checkpoint " + path, e);
    }
  }

  private void requireFolder() {
    try {
      if (!Files.isDirectory(folder)) {
        files.createDirectory(folder);
        files.syncDirectory(folder.toAbsolutePath().getParent());
      }
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create the folder " + folder, e);
    }
  }

  /// Returns the entries of a kind, newest first.
  private List<Numbered> numbered(Pattern kind) {
    return list().stream()
        .flatMap(path -> numbered(kind, path).stream())
        .sorted(Comparator.comparingLong(Numbered::step).reversed())
        .toList();
  }

  private static Optional<Numbered> numbered(Pattern kind, Path path) {
    Matcher matcher = kind.matcher(path.getFileName().toString());
    return matcher.matches()
        ? Optional.of(new Numbered(Long.parseLong(matcher.group(1)), path))
        : Optional.empty();
  }

  private List<Path> list() {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw DuovoxException.io("cannot look into " + folder, e);
    }
  }
}
