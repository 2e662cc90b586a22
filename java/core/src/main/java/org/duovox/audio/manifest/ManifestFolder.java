package org.duovox.audio.manifest;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.duovox.DuovoxException;

/// Lists the audio files of a folder in an order that no file system changes.
///
/// Whatever has the name of an audio file is an utterance, also a link to nothing or out of the
/// folder, a pipe or a folder without audio: it is skipped, named and counted like any file that
/// cannot be used when it comes to be read. So is a file whose name cannot be an id.
final class ManifestFolder extends SimpleFileVisitor<Path> {
  /// Names of files that count as audio when a folder is searched.
  private static final Set<String> EXTENSIONS =
      Set.of(
          "wav", "wave", "flac", "ogg", "oga", "opus", "mp3", "m4a", "mp4", "aac", "aif", "aiff",
          "au", "caf", "w64", "wma", "webm", "mka", "amr", "sph");

  private static final System.Logger LOG = System.getLogger(ManifestFolder.class.getName());

  private final Path root;
  private final PathRules rules;
  private final List<Utterance> utterances = new ArrayList<>();
  private final List<Path> audioFolders = new ArrayList<>();

  private ManifestFolder(Path root, PathRules rules) {
    this.root = root;
    this.rules = rules;
  }

  static List<Utterance> list(Path folder, PathRules rules) {
    Path root = PathRules.absolute(folder);
    ManifestFolder visitor = new ManifestFolder(root, rules);
    try {
      Files.walkFileTree(
          root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    } catch (IOException e) {
      throw DuovoxException.io("cannot list the folder " + root, e);
    }
    visitor.addFoldersWithoutAudio();
    visitor.utterances.sort(
        Comparator.comparing(Utterance::id).thenComparing(u -> u.audio().toString()));
    return visitor.utterances;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    if (folder.equals(root)) {
      return FileVisitResult.CONTINUE;
    }
    if (isHidden(folder)) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    // A folder above the root is a loop, too, though other files would come first.
    if (Files.isSymbolicLink(folder) && root.toRealPath().startsWith(folder.toRealPath())) {
      skipLoop(folder);
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (isAudio(folder)) {
      audioFolders.add(folder);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!isHidden(file) && isAudio(file)) {
      Utterance utterance = named(root.relativize(file), file);
      String outside = utterance.problem().isEmpty() ? rules.outside(root, file) : "";
      utterances.add(
          outside.isEmpty() ? utterance : Utterance.unusable(utterance.id(), file, outside));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (file.equals(root)) {
      throw e;
    }
    if (isHidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    if (e instanceof FileSystemLoopException) {
      skipLoop(file);
      return FileVisitResult.CONTINUE;
    }
    if (isAudio(file)) {
      utterances.add(named(root.relativize(file), file));
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private static void skipLoop(Path link) {
    LOG.log(
        System.Logger.Level.WARNING,
        Printable.of(link) + ": a link to a folder that it lies in itself is not followed");
  }

  /// A folder such as `take.wav` that holds audio is one like others; else a file was meant.
  private void addFoldersWithoutAudio() {
    for (Path folder : audioFolders) {
      if (utterances.stream().noneMatch(u -> u.audio().startsWith(folder))) {
        utterances.add(named(root.relativize(folder), folder));
      }
    }
  }

  private static boolean isAudio(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /// The utterance of a file; one that cannot be used when its name cannot be an id.
  ///
  /// @param relative what the id is made of
  static Utterance named(Path relative, Path file) {
    String id = UtteranceIds.ofRelative(relative);
    String wrong = "";
    if (!Printable.isText(relative)) {
      wrong = "is not text in the encoding of names; rename it";
    } else if (id.chars().anyMatch(Character::isISOControl)) {
      wrong = "holds a control character; rename it";
    } else if (!UtteranceIds.isId(id)) {
      wrong = "cannot be an id; rename it, up to 1024 characters, no backslash, not __metadata__";
    }
    if (!wrong.isEmpty()) {
      String shown = UtteranceIds.withoutExtension(Printable.of(relative));
      return Utterance.unusable(shown, file, Printable.of(file) + ": its name " + wrong);
    }
    return new Utterance(id, file, OptionalLong.empty(), Map.of());
  }
}
