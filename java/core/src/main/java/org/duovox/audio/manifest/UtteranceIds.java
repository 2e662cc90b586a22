package org.duovox.audio.manifest;

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
    return ofPath(Path.of("root"), path, PathRules.STRICT, where);
  }

  /// The id of an audio file, by the rules that say where it may lie.
  ///
  /// @param root that the manifest has; need not exist
  public static String ofPath(Path root, String path, PathRules rules, String where) {
    Path base = rules.base(PathRules.absolute(root));
    return rules.id(base, rules.resolve(base, path, where), where);
  }
}
