package org.duovox.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.duovox.DuovoxException;

/// Lists the audio files of a folder in an order that no file system changes.
final class ManifestFolder {
  private ManifestFolder() {}

  /// @param allowAbsolute whether links may lead out of the folder
  static List<Utterance> list(Path folder, boolean allowAbsolute) {
    Path root = folder.toAbsolutePath().normalize();
    try (Stream<Path> walk = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(path -> !isHidden(root, path))
          .filter(path -> AudioPaths.isAudio(path) && Files.isRegularFile(path))
          .map(path -> utterance(root, path, allowAbsolute))
          .sorted(Comparator.comparing(Utterance::id).thenComparing(u -> u.audio().toString()))
          .toList();
    } catch (UncheckedIOException e) {
      throw DuovoxException.io("cannot list the folder " + root, e.getCause());
    } catch (IOException e) {
      throw DuovoxException.io("cannot list the folder " + root, e);
    }
  }

  private static boolean isHidden(Path root, Path path) {
    for (Path segment : root.relativize(path)) {
      if (segment.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static Utterance utterance(Path root, Path file, boolean allowAbsolute) {
    if (!allowAbsolute) {
      AudioPaths.requireInside(root, file, root.toString());
    }
    String id = AudioPaths.requireId(AudioPaths.id(root.relativize(file)), file.toString());
    return new Utterance(id, file, OptionalLong.empty(), Map.of());
  }
}
