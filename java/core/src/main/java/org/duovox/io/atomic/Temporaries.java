package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duovox.io.FileNames;

/// Names the unfinished outputs of this process and removes them, also when it is interrupted. What
/// a killed process left is removed by the next one that writes into the same folder ([Leftovers]).
final class Temporaries {
  /// Stands between the name of the target and the owner of a temporary.
  static final String UNFINISHED = ".tmp-";

  /// The same for the folder in which an older output is until the new one stands.
  static final String ASIDE = ".aside-";

  private static final Set<Path> UNFINISHED_PATHS = ConcurrentHashMap.newKeySet();
  private static final Map<Path, Marked> MARKED = new HashMap<>();
  private static final AtomicLong COUNTER = new AtomicLong();

  static {
    // Ctrl-C ends the JVM without running finally blocks of other threads.
    Runtime.getRuntime().addShutdownHook(new Thread(Temporaries::removeAll));
  }

  /// The temporaries of this process in one folder, and its mark there, which may be null.
  private record Marked(OwnerMark mark, Set<Path> paths) {}

  private Temporaries() {}

  /// A fresh hidden name beside the target, so that a rename stays within one file system.
  static Path sibling(Path target) {
    Path path = name(target, UNFINISHED);
    UNFINISHED_PATHS.add(path);
    return path;
  }

  /// Moves what stands at the target aside, and returns where to: under its own name in a fresh
  /// hidden folder. It is not removed with the process: until the new output stands, it is all the
  /// user has.
  static Path moveAside(Path target) throws IOException {
    Path folder = name(target, ASIDE);
    try {
      Files.createDirectory(folder);
      return Files.move(
          target, folder.resolve(target.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(folder);
      throw e;
    }
  }

  /// Moves an output back that [#moveAside] has moved.
  static void putBack(Path aside, Path target) throws IOException {
    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    discard(aside.getParent());
  }

  private static synchronized Path name(Path target, String kind) {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    Leftovers.removeOnce(folder);
    Marked marked = MARKED.computeIfAbsent(folder, Temporaries::mark);
    String token = marked.mark() == null ? OwnerMark.unmarked() : marked.mark().token();
    String name = absolute.getFileName().toString();
    Path path;
    do {
      String ending = kind + token + "-" + COUNTER.incrementAndGet();
      path = folder.resolve(FileNames.around(".", name, ending));
    } while (Files.exists(path));
    marked.paths().add(path);
    return path;
  }

  // A folder that is a temporary itself needs no mark: it goes as a whole.
  private static Marked mark(Path folder) {
    boolean inside = UNFINISHED_PATHS.stream().anyMatch(folder::startsWith);
    return new Marked(inside ? null : OwnerMark.set(folder), new HashSet<>());
  }

  /// Forgets a temporary that has become an output or is gone.
  static synchronized void forget(Path temporary) {
    UNFINISHED_PATHS.remove(temporary);
    Path folder = temporary.getParent();
    Marked marked = MARKED.get(folder);
    if (marked != null && marked.paths().remove(temporary) && marked.paths().isEmpty()) {
      MARKED.remove(folder);
      close(marked);
    }
  }

  /// Removes a temporary and forgets it; a failure to do so must not hide the error that led here.
  static void discard(Path temporary) {
    removeQuietly(temporary);
    forget(temporary);
  }

  private static synchronized void removeAll() {
    UNFINISHED_PATHS.forEach(Temporaries::removeQuietly);
    MARKED.values().forEach(Temporaries::close);
  }

  private static void close(Marked marked) {
    if (marked.mark() != null) {
      marked.mark().close();
    }
  }

  static void removeQuietly(Path path) {
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
