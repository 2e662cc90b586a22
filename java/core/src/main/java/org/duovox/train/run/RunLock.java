package org.duovox.train.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.atomic.AtomicFiles;

/// Keeps a second process out of a run folder, and a run out of a folder with other files: a lock
/// on the file `.lock`, which the system releases when the process dies, however it dies. The file
/// stays; the process that holds the lock is written in it.
final class RunLock implements AutoCloseable {
  static final String FILE = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Creates a folder and takes its lock.
  ///
  /// @param resume whether a run may be there already
  /// @throws DuovoxException (CANNOT_CREATE) when it holds a run and `resume` is false, when it
  ///   holds other files, when another process trains in it, or when it takes no files
  static RunLock take(Path folder, boolean resume) {
    requireUsable(folder, resume);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create the folder " + folder, e);
    }
    RunLock lock = take(folder);
    try {
      requireUsable(folder, resume); // Another process may have been faster.
      removeTemporaries(folder);
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RunLock take(Path folder) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve(FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        String holder = holder(channel);
        channel.close();
        throw DuovoxException.cannotCreate(
            "another process trains in %s (%s); wait for it, or choose another folder"
                .formatted(folder, holder),
            null);
      }
      write(channel);
      return new RunLock(channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw DuovoxException.cannotCreate("cannot lock the folder " + folder, e);
    }
  }

  private static void requireUsable(Path folder, boolean resume) {
    AtomicFiles.requireNoFile(AtomicFiles.followLink(folder));
    if (!Files.exists(folder)) {
      return;
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
          if (RunFolder.hasRecord(folder)) {
            throw DuovoxException.cannotCreate(
                "%s holds a run without its %s; put that back, or choose another folder"
                    .formatted(folder, RunFolder.SETTINGS),
                null);
          }
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
              !name.equals(FILE)
                  && !name.equals(RunFolder.METRICS)
                  && !name.equals(RunFolder.TIMING)
                  && !name.equals(RunFolder.CONSOLE)
                  && !isTemporary(name))
          .min(Comparator.naturalOrder());
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

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held within this process.
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(64);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
  }

  private static void write(FileChannel channel) throws IOException {
    String text = "process " + ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      System.getLogger(RunLock.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot close a lock", e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
