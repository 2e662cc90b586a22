package org.duovox.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Unfinished outputs of this process: names them, removes them, also when the process is
/// interrupted.
final class Temporaries {
  private static final Set<Path> LIVE = ConcurrentHashMap.newKeySet();
  private static final AtomicLong COUNTER = new AtomicLong();

  static {
    // Ctrl-C ends the JVM without running finally blocks of other threads.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> LIVE.forEach(Temporaries::removeQuietly)));
  }

  private Temporaries() {}

  /// A fresh hidden name beside the target, so that a rename stays within one file system.
  static Path sibling(Path target) {
    Path absolute = target.toAbsolutePath();
    String name = "." + absolute.getFileName() + ".tmp-" + ProcessHandle.current().pid() + "-";
    Path path;
    do {
      path = absolute.resolveSibling(name + COUNTER.incrementAndGet());
    } while (Files.exists(path));
    LIVE.add(path);
    return path;
  }

  /// The temporary has become an output, or is gone.
  static void forget(Path temporary) {
    LIVE.remove(temporary);
  }

  /// Removes a temporary and forgets it; a failure to do so must not hide the error that led here.
  static void discard(Path temporary) {
    removeQuietly(temporary);
    LIVE.remove(temporary);
  }

  private static void removeQuietly(Path path) {
    try {
      removeRecursively(path);
    } catch (IOException e) {
      System.getLogger(Temporaries.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove the temporary " + path, e);
    }
  }

  /// Deletes a file or a whole folder; symbolic links are removed, never followed.
  static void removeRecursively(Path root) throws IOException {
    try {
      Files.walkFileTree(root, new Deletion());
    } catch (NoSuchFileException e) {
      // Nothing there is what was asked for.
    }
  }

  /// Makes the entries of a folder durable; file systems that cannot do that are left alone.
  static void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      System.getLogger(Temporaries.class.getName())
          .log(System.Logger.Level.DEBUG, "cannot sync the folder " + directory, e);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
