package org.duovox.cli.console;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// The folder of the Duovox repository, named by `-Dduovox.home`, which `./duovox` sets.
public final class HomeFolder {
  public static final String PROPERTY = "duovox.home";

  private HomeFolder() {}

  /// Returns the absolute path of the folder.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when the property is not set or names no folder
  public static Path path() {
    String home = System.getProperty(PROPERTY, "");
    if (home.isEmpty() || !Files.isDirectory(Path.of(home))) {
      throw DuovoxException.unavailable(
          "the folder of Duovox is not known (-D%s is '%s'); start it with ./duovox"
              .formatted(PROPERTY, home));
    }
    return Path.of(home).toAbsolutePath();
  }

  /// Returns a program of the folder `scripts`.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when it is missing or not executable
  public static Path script(String name) {
    Path script = path().resolve("scripts").resolve(name);
    if (!Files.isExecutable(script)) {
      throw DuovoxException.unavailable(
          script + " is missing or not executable; check out the repository again");
    }
    return script;
  }
}
