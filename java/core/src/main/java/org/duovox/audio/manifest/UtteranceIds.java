package org.duovox.audio.manifest;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;
import org.duovox.io.tensors.Safetensors;

/// The ids of utterances: which ones there may be, and how they are made of paths. Nothing need
/// exist.
public final class UtteranceIds {
  private static final int MAX_ID = 1024;

  private UtteranceIds() {}

  /// Refuses an id that cannot be the name of a file and of a tensor, or that would lead elsewhere.
  ///
  /// @param where file and line, for messages
  /// @return the id
  public static String require(String id, String where) {
    if (!isId(id)) {
      throw DuovoxException.badData(
          where
              + ": not a usable id: "
              + Printable.quoted(id)
              + "; use 1 to 1024 characters of Unicode, no backslash, no segment that is empty, . or .., not __metadata__");
    }
    return id;
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

  /// The id of a file: its path below the root with `/`, without the extension.
  static String ofRelative(Path relative) {
    FileNames.requireLocale("a file", relative.toString());
    String text =
        StreamSupport.stream(relative.normalize().spliterator(), false)
            .map(Path::toString)
            .collect(Collectors.joining("/"));
    return withoutExtension(text);
  }

  static String withoutExtension(String text) {
    int dot = text.lastIndexOf('.');
    return dot > text.lastIndexOf('/') + 1 ? text.substring(0, dot) : text;
  }

  static boolean isId(String id) {
    boolean safe =
        !id.isBlank() && id.length() <= MAX_ID && id.chars().noneMatch(Character::isISOControl);
    for (String segment : id.split("/", -1)) {
      safe &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }
    return safe && id.indexOf('\\') < 0 && Safetensors.isTensorName(id);
  }
}
