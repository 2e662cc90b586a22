package org.duovox.audio;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// The rules for ids and relative paths of manifests, for readers of other files that name
/// utterances; nothing need exist.
public final class UtteranceIds {
  private UtteranceIds() {}

  /// Refuses an id that could not be the name of a file or a tensor.
  ///
  /// @param where file and line, for messages
  public static String require(String id, String where) {
    return AudioPaths.requireId(id, where);
  }

  /// The id of an audio file: its path below the root, with `/`, without the extension.
  ///
  /// @throws DuovoxException (BAD_DATA) for a path that is absolute or leaves its root
  public static String ofPath(String path, String where) {
    Path relative;
    try {
      relative = Path.of(path);
    } catch (InvalidPathException e) {
      throw DuovoxException.badData(where + ": not a path: " + printable(path), e);
    }
    if (relative.isAbsolute()) {
      throw DuovoxException.badData(
          where + ": absolute path " + printable(path) + "; paths must be relative to the root");
    }
    Path normal = relative.normalize();
    if (normal.startsWith("..") || normal.toString().isEmpty()) {
      throw DuovoxException.badData(where + ": " + printable(path) + " is not below the root");
    }
    return require(AudioPaths.id(normal), where);
  }

  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return "\"" + (clean.length() > 200 ? clean.substring(0, 200) + "..." : clean) + "\"";
  }
}
