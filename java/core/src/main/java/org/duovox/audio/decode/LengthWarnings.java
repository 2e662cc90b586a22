package org.duovox.audio.decode;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Logs what is unusual about the length that a file's header or its manifest states: once for each
/// file, and for the first five files only. Safe for use by several threads.
public final class LengthWarnings {
  /// The warning about a file whose writer could not go back to its header.
  static final String OPEN_END =
      "its header does not say how long it is, as those of pipes; all samples to the end of the file are read";

  private static final int MOST = 5;
  private static final System.Logger LOG = System.getLogger(LengthWarnings.class.getName());

  private final Set<Path> named = ConcurrentHashMap.newKeySet();
  private final String further;

  /// Warns of headers.
  public LengthWarnings() {
    this("further files whose headers do not give their length are not named");
  }

  /// @param further is logged instead of the names of further files
  public LengthWarnings(String further) {
    this.further = further;
  }

  /// Logs a warning about a file.
  ///
  /// @param warning "" when nothing is unusual
  public void add(Path file, String warning) {
    if (warning.isEmpty() || named.size() > MOST || !named.add(file)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, named.size() > MOST ? further : file + ": " + warning);
  }
}
