package org.duovox.experiment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;

/// The folder of an experiment while a process works in it: a lock on `.lock` keeps a second one
/// out and goes when the process does, however it ends.
///
/// Experiments that keep their stages in common have a link `stages` to one folder, which is locked
/// in the same way: one of them works at a time.
final class ExperimentFolder implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final String STAGES = "stages";

  private final List<FileChannel> locks = new ArrayList<>();

  private ExperimentFolder() {}

  /// Creates the folder, or takes one that this experiment has begun.
  ///
  /// @param common folder of the stages that several experiments share; null: the folder's own
  /// @param replace whether the folder of another experiment may be gone on with
  /// @throws DuovoxException (CANNOT_CREATE) when it holds something else, or another process is at
  ///   work there
  static ExperimentFolder open(Path folder, Path common, String name, boolean replace) {
    require(folder, common, name, replace);
    ExperimentFolder opened = new ExperimentFolder();
    try {
      Files.createDirectories(folder);
      opened.locks.add(lock(folder));
      Path stages = folder.resolve(STAGES);
      if (common != null) {
        link(stages, common);
      }
      if (Files.isSymbolicLink(stages)) { // As an earlier call has said.
        opened.locks.add(lock(AtomicFiles.followLink(stages)));
      }
      return opened;
    } catch (IOException e) {
      opened.close();
      throw DuovoxException.cannotCreate("cannot create the folder " + folder, e);
    } catch (DuovoxException e) {
      opened.close();
      throw e;
    }
  }

  /// Refuses a folder of something else, and stages to share that it cannot have.
  static void require(Path folder, Path common, String name, boolean replace) {
    AtomicFiles.requireNoFile(AtomicFiles.followLink(folder));
    ExperimentFiles.State.earlier(folder)
        .filter(earlier -> !earlier.name().equals(name) && !replace)
        .ifPresent(earlier -> {
          throw DuovoxException.cannotCreate(
              "%s holds the experiment %s, and this is %s; name another folder, or --replace it"
                  .formatted(folder, earlier.name(), name),
              null);
        });
    requireNoOther(folder, replace);
    AtomicFiles.requirePlace(folder.resolve(LOCK));
    if (common != null) {
      requireCommon(folder.resolve(STAGES), common);
    }
  }

  private static void requireCommon(Path stages, Path common) {
    AtomicFiles.requireNoFile(AtomicFiles.followLink(common));
    if (Files.exists(common.resolve(ExperimentFiles.STATE))) {
      throw DuovoxException.cannotCreate(
          "%s is the folder of an experiment, which stages do not belong into; its own are in %s"
              .formatted(common, common.resolve(STAGES)),
          null);
    }
    Path folder = stages.toAbsolutePath().normalize().getParent();
    Path place = common.toAbsolutePath().normalize();
    if (place.startsWith(folder) && !place.equals(folder.resolve(STAGES))) {
      throw DuovoxException.cannotCreate(
          "%s lies in the folder of the experiment, whose own stages are in %s; name a folder outside for stages to share"
              .formatted(common, stages),
          null);
    }
    if (Files.exists(stages, LinkOption.NOFOLLOW_LINKS) && !isSame(stages, common)) {
      throw DuovoxException.cannotCreate(
          "%s is there, and is not %s; name another --out, or the stages that this one was begun with"
              .formatted(stages, common),
          null);
    }
  }

  private static boolean isSame(Path stages, Path common) {
    try {
      return Files.exists(stages) && Files.exists(common) && Files.isSameFile(stages, common);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot look into the folder " + common, e);
    }
  }

  /// Links the stages of an experiment to those that it shares.
  private static void link(Path stages, Path common) throws IOException {
    Files.createDirectories(common);
    if (!Files.exists(stages, LinkOption.NOFOLLOW_LINKS)) {
      Files.createSymbolicLink(stages, common.toRealPath());
    }
  }

  private static void requireNoOther(Path folder, boolean replace) {
    if (replace
        || !Files.isDirectory(folder)
        || Files.exists(folder.resolve(ExperimentFiles.STATE))) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(LOCK) && !name.equals(STAGES) && !name.equals("cells"))
          .sorted()
          .findFirst()
          .ifPresent(name -> {
            throw DuovoxException.cannotCreate(
                "%s is no folder of an experiment: it holds %s; name another, or use it with --replace"
                    .formatted(folder, name),
                null);
          });
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot look into the folder " + folder, e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held within this process.
    }
    if (lock == null) {
      channel.close();
      throw DuovoxException.cannotCreate(
          "another process runs an experiment in %s; wait for it, or choose another folder"
              .formatted(folder),
          null);
    }
    return channel;
  }

  /// Does the work during which no other process may be in the folder.
  <T> T holding(Supplier<T> work) {
    return work.get();
  }

  @Override
  public void close() {
    for (FileChannel channel : locks) {
      try {
        channel.close();
      } catch (IOException e) {
        System.getLogger(ExperimentFolder.class.getName())
            .log(System.Logger.Level.DEBUG, "cannot close a lock", e);
      }
    }
  }
}
