package org.duovox.audio.manifest;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.duovox.DuovoxException;
import org.duovox.io.FileNames;
import org.duovox.io.tensors.Safetensors;

/// Which names are those of audio files, and the ids that are made of them.
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

  /// The id of a file: its path below the root with `/`, without the extension.
  static String id(Path relative) {
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

  /// Ids become names of output files and tensors, so they must not lead anywhere.
  static String requireId(String id, String where) {
    if (!isId(id)) {
      throw DuovoxException.badData(
          where
              + ": not a usable id: "
              + Printable.quoted(id)
              + "; use 1 to 1024 characters of Unicode, no backslash, no segment that is empty, . or .., not __metadata__");
    }
    return id;
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
