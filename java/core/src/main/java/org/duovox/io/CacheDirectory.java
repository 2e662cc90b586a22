package org.duovox.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// The folder of downloads and unpacked programs: `${XDG_CACHE_HOME:-~/.cache}/duovox`.
///
/// `scripts/fetch` follows the same rule: `XDG_CACHE_HOME` when it is an absolute path (the XDG
/// specification ignores a relative one), else `.cache` in `HOME`, else in the home folder of the
/// password database, which counts when it is absolute and not the root.
public final class CacheDirectory {
  /// What to do about a cache in the wrong place, for messages.
  public static final String REMEDY =
      "set XDG_CACHE_HOME to a folder that can be written and that may hold programs";

  private CacheDirectory() {}

  /// Returns the folder, which may not exist yet.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when no home folder is known
  public static Path path() {
    return path(
        System.getenv("XDG_CACHE_HOME"), System.getenv("HOME"), System.getProperty("user.home"));
  }

  /// @param recorded the home folder of the password database; Java writes `?` when there is none
  static Path path(String cacheHome, String home, String recorded) {
    if (isAbsolute(cacheHome)) {
      return Path.of(readable("XDG_CACHE_HOME", cacheHome), "duovox");
    }
    if (isAbsolute(home)) {
      return Path.of(readable("HOME", home), ".cache", "duovox");
    }
    if (isAbsolute(recorded) && !recorded.equals("/")) {
      return Path.of(readable("the home folder", recorded), ".cache", "duovox");
    }
    throw DuovoxException.unavailable(
        "no home folder is known (HOME is not set, and the user has none in the password database),"
            + " so there is no place for downloads: set HOME or XDG_CACHE_HOME to an absolute path");
  }

  /// Creates a folder inside, to unpack something into, unless it exists.
  ///
  /// @throws DuovoxException (UNAVAILABLE) that says which variable names another place when it
  ///   cannot be made
  public static Path create(String name) {
    return create(path(), name);
  }

  static Path create(Path cache, String name) {
    Path folder = cache.resolve(name);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw DuovoxException.unavailable(
          "the cache %s cannot be written (%s); %s"
              .formatted(folder, DuovoxException.reason(e), REMEDY),
          e);
    }
  }

  private static boolean isAbsolute(String folder) {
    return folder != null && folder.startsWith("/");
  }

  private static String readable(String variable, String folder) {
    FileNames.requireText(variable, folder);
    return folder;
  }
}
