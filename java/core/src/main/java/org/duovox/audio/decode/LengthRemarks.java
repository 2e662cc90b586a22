package org.duovox.audio.decode;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says once for a file, and for a few files only, what is unusual about the length that its header
/// or its manifest states. Safe for use by several threads.
public final class LengthRemarks {
  /// Of a file whose writer could not go back to its header.
  static final String OPEN_END =
      "its header does not say how long it is, as those of pipes; all samples to the end of the file are read";

  private static final int MOST = 5;
  private static final System.Logger LOG = System.getLogger(LengthRemarks.class.getName());

  private final Set<Path> remarked = ConcurrentHashMap.newKeySet();
  private final String further;

  /// Of headers.
  public LengthRemarks() {
    this("further files whose headers do not give their length are not named");
  }

  /// @param further said instead of the names of further files
  public LengthRemarks(String further) {
    this.further = further;
  }

  /// @param remark "" when nothing was unusual
  public void add(Path file, String remark) {
    if (remark.isEmpty() || remarked.size() > MOST || !remarked.add(file)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, remarked.size() > MOST ? further : file + ": " + remark);
  }
}
