package org.duovox.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// A run that stands where another one shall begin: it is never deleted, only renamed.
public final class EarlierRun {
  private EarlierRun() {}

  /// Whether a folder holds a run, finished or not.
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(RunFolder.SETTINGS));
  }

  /// Renames the folder of a run, to make place for another one; returns its new name.
  ///
  /// @throws DuovoxException (CANNOT_CREATE) when a process trains in it
  public static Path setAside(Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    Path to;
    int number = 1;
    do {
      String ending = ".replaced-" + number++;
      to = from.resolveSibling(FileNames.around("", from.getFileName().toString(), ending));
    } while (Files.exists(to));
    RunLock.take(from, true).close();
    try {
      Files.move(from, to);
      return to;
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot rename the run " + folder, e);
    }
  }
}
