package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.TextInput;

/// An output folder in the making: filled under a temporary name, renamed to its target on
/// [#commit()], removed otherwise.
///
/// An existing target is replaced only when it is empty or an output of Duovox to which nobody has
/// added a file: every published folder carries [#MARKER], which lists its entries. Anything else
/// is refused, so that a mistyped `--out` cannot delete a user's files. The old folder is moved
/// aside first and deleted last.
public final class PendingDirectory implements AutoCloseable {
  /// The file that says which entries of a folder Duovox wrote.
  public static final String MARKER = ".duovox";

  private final Path target;
  private final Path temporary;
  private boolean committed;

  private PendingDirectory(Path target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
  }

  static PendingDirectory create(Path target) {
    Path absolute = followLink(target);
    Leftovers.removeOnce(absolute.getParent());
    Leftovers.removeOnce(absolute);
    requireReplaceable(absolute);
    AtomicFiles.createParent(absolute);
    Path temporary = Temporaries.sibling(absolute);
    try {
      Files.createDirectory(temporary);
    } catch (IOException e) {
      Temporaries.forget(temporary);
      throw DuovoxException.cannotCreate("cannot create the folder " + target, e);
    }
    return new PendingDirectory(absolute, temporary);
  }

  /// The folder to write into; do not keep it beyond [#commit()].
  public Path path() {
    return temporary;
  }

  /// Makes all files durable and the folder visible under its target.
  public void commit() {
    if (committed) {
      throw new IllegalStateException("already committed: " + target);
    }
    publish(temporary, target);
    committed = true;
  }

  /// Removes everything that was written unless it was committed.
  @Override
  public void close() {
    if (!committed) {
      Temporaries.discard(temporary);
    }
  }

  static void publish(Path temporary, Path target) {
    Path absolute = followLink(target);
    try {
      writeMarker(temporary);
      syncTree(temporary);
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + target, e);
    }
    OutputClaim.requireUnchanged(temporary, absolute);
    requireReplaceable(absolute);
    try {
      swap(temporary, absolute);
    } catch (IOException e) {
      OutputClaim.requireUnchanged(temporary, absolute); // Somebody was faster by a moment.
      throw DuovoxException.cannotCreate("cannot create the folder " + target, e);
    }
    Temporaries.forget(temporary);
    Temporaries.syncDirectory(absolute.getParent());
  }

  /// A link to a folder stays one; what it leads to is replaced.
  static Path followLink(Path target) {
    return AtomicFiles.followLink(target.toAbsolutePath().normalize());
  }

  private static void swap(Path temporary, Path target) throws IOException {
    if (!Files.exists(target)) {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path old = Temporaries.moveAside(target);
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Temporaries.putBack(old, target);
      throw e;
    }
    Temporaries.discard(old.getParent());
  }

  static void requireReplaceable(Path target) {
    AtomicFiles.requireNoFile(target);
    if (!Files.exists(target)) {
      return;
    }
    try {
      Set<String> foreign = entries(target);
      foreign.removeAll(ownEntries(target));
      if (!foreign.isEmpty()) {
        String first = foreign.iterator().next();
        throw DuovoxException.cannotCreate(
            "will not replace the folder "
                + target
                + ": it holds "
                + first
                + ", which Duovox did not write; choose an empty or a new folder",
            null);
      }
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot look into the folder " + target, e);
    }
  }

  private static Set<String> ownEntries(Path directory) {
    Path marker = directory.resolve(MARKER);
    return Files.isRegularFile(marker)
        ? TextInput.read(marker).lines().collect(Collectors.toSet())
        : Set.of();
  }

  private static void writeMarker(Path directory) throws IOException {
    Set<String> names = entries(directory);
    names.add(MARKER);
    Files.write(directory.resolve(MARKER), names);
  }

  private static Set<String> entries(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .map(path -> path.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void syncTree(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        Temporaries.syncDirectory(path);
      } else if (Files.isRegularFile(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }
}
