package org.duovox.io.atomic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// A folder of the system's for files that nobody needs later; closing deletes it.
///
/// @param path the folder
public record TemporaryFolder(Path path) implements AutoCloseable {
  /// Creates an empty one.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) when the system has no place for it
  public static TemporaryFolder create() {
    try {
      return new TemporaryFolder(Files.createTempDirectory("duovox-"));
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create a temporary folder", e);
    }
  }

  @Override
  public void close() {
    AtomicFiles.discard(path);
  }
}
