package org.duovox.io;

import java.nio.file.Path;

/// Where downloads and unpacked programs are kept: `${XDG_CACHE_HOME:-~/.cache}/duovox`.
public final class CacheDirectory {
  private CacheDirectory() {}

  /// The folder, which may not exist yet. As the XDG specification says, a relative
  /// `XDG_CACHE_HOME` is ignored.
  public static Path path() {
    return path(System.getenv("XDG_CACHE_HOME"), System.getenv("HOME"));
  }

  /// `~` is `$HOME`, as for the scripts that fill the cache; Java's `user.home` comes from the
  /// password database and may be another folder.
  static Path path(String cacheHome, String home) {
    if (isAbsolute(cacheHome)) {
      return Path.of(cacheHome, "duovox");
    }
    return Path.of(isAbsolute(home) ? home : System.getProperty("user.home"), ".cache", "duovox");
  }

  private static boolean isAbsolute(String folder) {
    return folder != null && !folder.isEmpty() && Path.of(folder).isAbsolute();
  }
}
