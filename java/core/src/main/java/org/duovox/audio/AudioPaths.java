package org.duovox.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;

/// Paths of audio files below a root: resolves what a manifest says and refuses what leaves the
/// root.
final class AudioPaths {
  /// Names of files that count as audio when a folder is searched.
  static final Set<String> EXTENSIONS =
      Set.of(
          "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "m4a", "mp4", "aac", "aif", "aiff",
          "au", "caf", "w64", "wma", "webm", "mka", "amr", "sph");

  private static final int MAX_ID = 1024;

  private AudioPaths() {}

  static boolean isAudio(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /// The path below the root that a manifest's text names.
  ///
  /// @param root absolute and normalized
  /// @param where file and line, for messages
  static Path resolve(Path root, String text, boolean allowAbsolute, String where) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw DuovoxException.badData(where + ": not a path: " + printable(text), e);
    }
    if (path.isAbsolute()) {
      if (!allowAbsolute) {
        throw DuovoxException.badData(
            where
                + ": absolute path "
                + printable(text)
                + "; paths must be relative to "
                + root
                + " unless absolute ones are allowed");
      }
      return path;
    }
    Path resolved = root.resolve(path).normalize();
    if (!resolved.startsWith(root) || resolved.equals(root)) {
      throw leaves(where, text, root);
    }
    if (!allowAbsolute) {
      requireInside(root, resolved, where);
    }
    return resolved;
  }

  /// Refuses an existing file that a symbolic link leads out of the root.
  static void requireInside(Path root, Path file, String where) {
    try {
      if (Files.exists(file) && !file.toRealPath().startsWith(root.toRealPath())) {
        throw DuovoxException.badData(
            where
                + ": the link "
                + printable(file.toString())
                + " leads to a file that is not below "
                + root
                + "; --allow-absolute takes it all the same");
      }
    } catch (IOException e) {
      throw DuovoxException.io(where + ": cannot follow " + file, e);
    }
  }

  /// The id of a file: its path below the root with `/`, without the extension.
  static String id(Path relative) {
    FileNames.requireLocale("a file", relative.toString());
    String text =
        StreamSupport.stream(relative.normalize().spliterator(), false)
            .map(Path::toString)
            .collect(Collectors.joining("/"));
    int dot = text.lastIndexOf('.');
    return dot > text.lastIndexOf('/') + 1 ? text.substring(0, dot) : text;
  }

  /// Ids become names of output files and tensors, so they must not lead anywhere.
  static String requireId(String id, String where) {
    boolean safe =
        !id.isBlank() && id.length() <= MAX_ID && id.chars().noneMatch(Character::isISOControl);
    for (String segment : id.split("/", -1)) {
      safe &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }
    if (!safe || id.indexOf('\\') >= 0) {
      throw DuovoxException.badData(
          where
              + ": not a usable id: "
              + printable(id)
              + "; use 1 to 1024 characters, no backslash, no segment that is empty, . or ..");
    }
    return id;
  }

  private static DuovoxException leaves(String where, String text, Path root) {
    return DuovoxException.badData(
        where
            + ": "
            + printable(text)
            + " is not below "
            + root
            + "; a manifest may only name files under its root");
  }

  private static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return "\"" + (clean.length() > 200 ? clean.substring(0, 200) + "..." : clean) + "\"";
  }
}
