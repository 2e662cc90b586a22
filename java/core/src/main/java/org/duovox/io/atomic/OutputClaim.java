package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// An output that a program was told to write: what stood in its place when the work began, and
/// whether that may be replaced.
///
/// [AtomicFiles] and [PendingDirectory] ask the claims before they publish anything. A place that
/// is no longer as it was claimed belongs to somebody else, such as a second process with the same
/// output: nothing there is touched, and the finished work stays beside it under the name
/// `NAME.unpublished`. Paths that nobody claimed are published as ever.
public final class OutputClaim implements AutoCloseable {
  private static final String KEPT = ".unpublished";
  private static final Map<Path, OutputClaim> CLAIMS = new ConcurrentHashMap<>();

  private final Path place;
  private final boolean replace;
  private final State before;

  /// What tells one file or folder from another that took its place.
  ///
  /// @param key of the file system, usually device and inode
  /// @param changed time of the last change
  /// @param entries names in a folder
  private record State(Object key, FileTime changed, boolean folder, Set<String> entries) {
    static final State NOTHING = new State(null, FileTime.fromMillis(0), false, Set.of());

    /// Whether there is nothing that could be lost.
    boolean isFree() {
      return key == null || (folder && entries.isEmpty());
    }
  }

  private OutputClaim(Path place, boolean replace) {
    this.place = place;
    this.replace = replace;
    this.before = state(place);
  }

  /// Claims a file or folder to be written until [#close()].
  ///
  /// @param replace whether what is there now may be replaced
  public static OutputClaim of(Path target, boolean replace) {
    OutputClaim claim = new OutputClaim(place(target), replace);
    CLAIMS.put(claim.place, claim);
    return claim;
  }

  /// Whether something is there that publishing would replace: a file, or a folder with entries.
  public static boolean isTaken(Path target) {
    return !state(place(target)).isFree();
  }

  @Override
  public void close() {
    CLAIMS.remove(place, this);
  }

  /// Renames a finished file to its target, as its claim allows.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) when the place was taken meanwhile; the file is kept
  static void publish(Path temporary, Path target) throws IOException {
    requireUnchanged(temporary, target);
    OutputClaim claim = CLAIMS.get(place(target));
    if (claim == null || !claim.before.isFree() || !link(temporary, target)) {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// Refuses to publish a finished file or folder over what its claim does not cover.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) that names where the finished work is kept
  static void requireUnchanged(Path temporary, Path target) {
    OutputClaim claim = CLAIMS.get(place(target));
    if (claim == null) {
      return;
    }
    State now = state(claim.place);
    if (!now.isFree() && (!claim.replace || !now.equals(claim.before))) {
      throw keep(temporary, target);
    }
  }

  /// A rename would replace a file that appeared at the last moment; a new link fails then.
  private static boolean link(Path temporary, Path target) throws IOException {
    try {
      Files.createLink(target, temporary);
    } catch (FileAlreadyExistsException e) {
      throw keep(temporary, target);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // A file system without links.
    }
    Files.delete(temporary);
    return true;
  }

  /// Keeps the finished work beside its target; returns the error that says where.
  private static DuovoxException keep(Path temporary, Path target) {
    Path beside = target.toAbsolutePath().normalize();
    String name = beside.getFileName().toString();
    Path kept;
    int number = 1;
    do {
      String ending = KEPT + (number == 1 ? "" : "-" + number);
      kept = beside.resolveSibling(FileNames.around("", name, ending));
      number++;
    } while (Files.exists(kept));
    try {
      Files.move(temporary, kept, StandardCopyOption.ATOMIC_MOVE);
      Temporaries.forget(temporary);
    } catch (IOException e) {
      return DuovoxException.cannotCreate("another process wrote " + target + " meanwhile", e);
    }
    return DuovoxException.cannotCreate(
        "%s appeared while this command worked and is left alone; what this command made is in %s"
            .formatted(target, kept),
        null);
  }

  /// The path behind links, also of a file that is not there yet.
  private static Path place(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    try {
      if (Files.exists(absolute)) {
        return absolute.toRealPath();
      }
      Path parent = absolute.getParent();
      return parent == null || !Files.exists(parent)
          ? absolute
          : parent.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      return absolute; // Whoever writes there meets the same failure and tells it.
    }
  }

  private static State state(Path place) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class);
      if (!attributes.isDirectory()) {
        return new State(key(attributes), attributes.lastModifiedTime(), false, Set.of());
      }
      try (Stream<Path> entries = Files.list(place)) {
        return new State(
            key(attributes),
            attributes.lastModifiedTime(),
            true,
            entries
                .map(path -> path.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new)));
      }
    } catch (IOException e) {
      return State.NOTHING;
    }
  }

  private static Object key(BasicFileAttributes attributes) {
    return attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey();
  }
}
