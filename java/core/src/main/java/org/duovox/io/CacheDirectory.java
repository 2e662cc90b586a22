package org.duovox.io;

import java.nio.file.Path;

/// Where downloads and unpacked programs are kept: `${XDG_CACHE_HOME:-~/.cache}/duovox`.
public final class CacheDirectory {
  private CacheDirectory() {}

  /// The folder, which may not exist yet. As the XDG specification says, a relative
  /// `XDG_CACHE_HOME` is ignored.
  public static Path path() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured != null && !configured.isEmpty() && Path.of(configured).isAbsolute()
            ? Path.of(configured)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("duovox");
  }
}
