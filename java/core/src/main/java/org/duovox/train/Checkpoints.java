package org.duovox.train;

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
import org.duovox.io.FileActions;
import org.duovox.io.Json;
import org.duovox.io.SealedFolder;
import org.duovox.model.UnitModel;

/// The folder `checkpoints` of a run: `step-00001200` for each checkpoint that is kept, and
/// `best-00001000` for the model of the lowest validation loss.
///
/// The newest checkpoint is found by listing and verifying, never by a pointer that could be torn.
/// One process at a time.
public final class Checkpoints {
  private static final Pattern STEP = Pattern.compile("step-(\\d{8,18})");
  private static final Pattern BEST = Pattern.compile("best-(\\d{8,18})");

  private final Path folder;
  private final int keep;
  private final FileActions files;

  /// A checkpoint that was read and is whole.
  public record Found(Path folder, CheckpointState state) {}

  private record Numbered(long step, Path path) {}

  /// @param folder made with the first checkpoint
  /// @param keep newest checkpoints that are kept
  public Checkpoints(Path folder, int keep, FileActions files) {
    this.folder = folder;
    this.keep = keep;
    this.files = files;
  }

  /// Where the checkpoint of a step stands.
  public Path step(long step) {
    return folder.resolve("step-%08d".formatted(step));
  }

  /// Where the best model stands if it is that of this step.
  public Path best(long step) {
    return folder.resolve("best-%08d".formatted(step));
  }

  /// Writes a checkpoint and removes those that are no longer kept.
  ///
  /// @throws DuovoxException (CANNOT_CREATE, IO) when it cannot; older ones are untouched then
  public Path save(UnitModel model, NativeTrainer trainer, CheckpointState state) {
    Path target = step(state.step());
    requireFolder();
    CheckpointFiles.write(files, target, model, Optional.of(trainer), Optional.of(state));
    prune(state.best().step());
    return target;
  }

  /// Writes the model of the lowest validation loss so far; older ones go with the checkpoints that
  /// remember them.
  public void saveBest(UnitModel model, long step) {
    requireFolder();
    CheckpointFiles.write(files, best(step), model, Optional.empty(), Optional.empty());
  }

  /// The newest checkpoint that is whole; damaged ones are told to `warnings` and passed over.
  ///
  /// @throws DuovoxException (BAD_DATA) when there are checkpoints and none is whole
  public Optional<Found> latest(Consumer<String> warnings) {
    DuovoxException first = null;
    for (Numbered candidate : numbered(STEP)) {
      try {
        SealedFolder.verify(candidate.path());
        Path file = candidate.path().resolve(CheckpointFiles.STATE);
        return Optional.of(new Found(candidate.path(), Json.read(file, CheckpointState.class)));
      } catch (DuovoxException e) {
        first = first == null ? e : first;
        warnings.accept(
            "the checkpoint %s is damaged (%s); going back to the one before"
                .formatted(candidate.path().getFileName(), e.getMessage()));
      }
    }
    if (first != null) {
      throw DuovoxException.badData(
          "no checkpoint in %s is whole; start anew in another folder (%s)"
              .formatted(folder, first.getMessage()),
          first);
    }
    return Optional.empty();
  }

  /// Removes what is younger than a step, and what a killed process left unfinished.
  public void discardAfter(long step) {
    Stream.of(STEP, BEST)
        .flatMap(kind -> numbered(kind).stream())
        .filter(one -> one.step() > step)
        .forEach(one -> remove(one.path()));
    list().stream()
        .filter(path -> path.getFileName().toString().startsWith(SealedFolder.TEMPORARY))
        .forEach(this::remove);
  }

  /// Removes everything, when a run is done.
  public void removeUnfinished() {
    discardAfter(Long.MAX_VALUE);
  }

  private void prune(long best) {
    List<Numbered> all = numbered(STEP);
    all.stream().skip(keep).forEach(one -> remove(one.path()));
    List<Long> wanted =
        Stream.concat(Stream.of(best), all.stream().limit(keep).map(this::bestOf)).toList();
    numbered(BEST).stream()
        .filter(one -> !wanted.contains(one.step()))
        .forEach(one -> remove(one.path()));
  }

  private long bestOf(Numbered checkpoint) {
    try {
      Path file = checkpoint.path().resolve(CheckpointFiles.STATE);
      return Json.read(file, CheckpointState.class).best().step();
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

  /// The entries of a kind, newest first.
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
