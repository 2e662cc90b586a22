package org.duovox.io;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;

/// Tells a folder that this user may not look into from one that lacks what is looked for: both
/// look the same to whoever asks whether a file is there.
public final class FolderAccess {
  private FolderAccess() {}

  /// Refuses a path that lies in a folder, or is one, that may not be looked into.
  ///
  /// @throws DuovoxException (MISSING_INPUT) that names the folder
  public static void requireOpen(Path path) {
    Path seen = path.toAbsolutePath().normalize();
    while (seen.getParent() != null && !Files.exists(seen)) {
      seen = seen.getParent();
    }
    if (Files.isDirectory(seen) && !Files.isExecutable(seen)) {
      throw new DuovoxException(
          Kind.MISSING_INPUT,
          "cannot look into %s: %s"
              .formatted(seen, DuovoxException.reason(new AccessDeniedException(seen.toString()))));
    }
  }
}
