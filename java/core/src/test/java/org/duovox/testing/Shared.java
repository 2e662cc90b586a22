package org.duovox.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// Finds reference data that is not part of the repository: the folder `shared` beside it, or
/// `-Dduovox.shared=DIR`.
public final class Shared {
  private Shared() {}

  /// A file or folder of the reference data, such as `golden/ssimi`; empty when it is not there.
  public static Optional<Path> find(String relative) {
    String configured = System.getProperty("duovox.shared");
    if (configured != null) {
      return Optional.of(Path.of(configured, relative)).filter(Files::exists);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /// The same, skipping the calling test loudly when it is not there.
  public static Path assume(String relative) {
    Optional<Path> found = find(relative);
    Assumptions.assumeTrue(
        found.isPresent(),
        () -> "SKIPPED: no shared/" + relative + " beside the repository; set -Dduovox.shared=DIR");
    return found.orElseThrow();
  }
}
