package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;

/// LibriSpeech: folders of splits, speakers and chapters, a FLAC file for each utterance, and a
/// text file for each chapter, which may be missing.
///
/// The root is that of several splits, of one split (whose name is then that of the root), or holds
/// `LibriSpeech`.
final class LibriSpeech {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final LayoutEntries entries;
  private int utterances;

  private LibriSpeech(LayoutEntries entries) {
    this.entries = entries;
  }

  static LayoutEntries read(Path root) {
    Path inner = root.resolve("LibriSpeech");
    LibriSpeech reader =
        new LibriSpeech(new LayoutEntries(Files.isDirectory(inner) ? inner : root));
    reader.splits();
    if (reader.utterances == 0) {
      throw DuovoxException.missing(
          root
              + ": is not in the layout of LibriSpeech: it has no"
              + " SPLIT/SPEAKER/CHAPTER/SPEAKER-CHAPTER-NUMBER.flac");
    }
    return reader.entries;
  }

  private void splits() {
    List<Path> speakers = numbered(entries.root());
    if (!speakers.isEmpty()) {
      split(entries.root(), speakers);
      return;
    }
    for (Path split : LayoutEntries.list(entries.root())) {
      if (Files.isDirectory(split)) {
        split(split, numbered(split));
      }
    }
  }

  private void split(Path split, List<Path> speakers) {
    for (Path speaker : speakers) {
      for (Path chapter : numbered(speaker)) {
        chapter(split.getFileName().toString(), speaker.getFileName().toString(), chapter);
      }
    }
  }

  private static List<Path> numbered(Path folder) {
    return LayoutEntries.list(folder).stream()
        .filter(path -> NUMBER.matcher(path.getFileName().toString()).matches())
        .filter(Files::isDirectory)
        .toList();
  }

  private void chapter(String split, String speaker, Path chapter) {
    String name = chapter.getFileName().toString();
    Path texts = chapter.resolve(speaker + "-" + name + ".trans.txt");
    Map<String, String> byId = Files.exists(texts) ? texts(texts) : null;
    for (Path file : LayoutEntries.list(chapter)) {
      String fileName = file.getFileName().toString();
      if (!fileName.endsWith(".flac")) {
        continue;
      }
      utterances++;
      String id = fileName.substring(0, fileName.length() - ".flac".length());
      Map<String, String> fields = new TreeMap<>(Map.of("split", split, "speaker", speaker));
      fields.put("chapter", name);
      if (byId != null && byId.get(id) == null) {
        entries.problem(texts + ": has no line for " + fileName);
      } else if (byId != null) {
        fields.put("text", byId.remove(id));
      }
      entries.add(entries.root().relativize(file).toString(), fields, file.toString());
    }
    if (byId != null && !byId.isEmpty()) {
      entries.warn(
          "%s: %d lines have no recording and are left out, e.g. %s"
              .formatted(texts, byId.size(), Collections.min(byId.keySet())));
    }
  }

  private Map<String, String> texts(Path file) {
    Map<String, String> texts = new HashMap<>();
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        int space = line.indexOf(' ');
        if (line.isBlank()) {
          continue;
        }
        if (space < 1) {
          entries.problem(lines.where() + ": is no id with its text behind a space");
        } else if (texts.put(line.substring(0, space), line.substring(space + 1)) != null) {
          entries.problem(lines.where() + ": this id occurs twice");
        }
      }
    }
    return texts;
  }
}
