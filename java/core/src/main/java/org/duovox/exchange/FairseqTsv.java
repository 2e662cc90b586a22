package org.duovox.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.TsvLines;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.io.TextLines;
import org.duovox.units.UtteranceInfo;

/// A fairseq manifest whose lines give lengths: the root folder in the first line, then
/// `relative/path<TAB>samples` ([TsvLines]).
///
/// Nothing need exist. Ids are those of Duovox's own manifests: the path without its extension.
///
/// @param root as written
/// @param rows in the order of the file
/// @param file what was read, for messages
public record FairseqTsv(String root, List<Row> rows, String file) {
  /// One utterance.
  ///
  /// @param path as written
  /// @param where file and line
  public record Row(String id, String path, long samples, String where) {}

  public FairseqTsv {
    rows = List.copyOf(rows);
  }

  /// Reads a file.
  ///
  /// @param rules which paths it may name
  public static FairseqTsv read(Path file, TextLines.End end, PathRules rules) {
    TsvLines lines = TsvLines.read(file, end);
    List<Row> rows = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    Path root = file.resolveSibling(lines.root());
    for (TsvLines.Row line : lines.rows()) {
      Row row = row(line, root, rules);
      String first = seen.putIfAbsent(row.id(), row.where());
      if (first != null) {
        throw DuovoxException.badData(
            "%s: the id '%s' occurs twice, first at %s".formatted(row.where(), row.id(), first));
      }
      rows.add(row);
    }
    if (rows.isEmpty()) {
      throw DuovoxException.badData(file + ": names no utterance");
    }
    return new FairseqTsv(lines.root(), rows, file.toString());
  }

  private static Row row(TsvLines.Row line, Path root, PathRules rules) {
    long samples =
        line.samples()
            .orElseThrow(() ->
                DuovoxException.badData(
                    line.where() + ": expected path<TAB>samples; the samples are missing"));
    String id = UtteranceIds.ofPath(root, line.path(), rules, line.where());
    return new Row(id, line.path(), samples, line.where());
  }

  /// Samples by id, and by the last part of the id where that is unique: for formats that name
  /// files without their folder.
  public Map<String, Long> lengths() {
    Map<String, Long> lengths = new HashMap<>();
    Map<String, Integer> names = new HashMap<>();
    for (Row row : rows) {
      names.merge(name(row.id()), 1, Integer::sum);
    }
    for (Row row : rows) {
      if (names.get(name(row.id())) == 1) {
        lengths.put(name(row.id()), row.samples());
      }
    }
    rows.forEach(row -> lengths.put(row.id(), row.samples()));
    return lengths;
  }

  private static String name(String id) {
    return id.substring(id.lastIndexOf('/') + 1);
  }

  /// Returns the path for the line of an utterance: the one it was imported with, or its id with an
  /// extension.
  ///
  /// @throws DuovoxException (BAD_DATA) when a reader would make another id of it
  static String path(UtteranceInfo info, String extension) {
    String kept = info.fields().get(FairseqUnits.PATH);
    String path = kept == null ? info.id() + extension : kept;
    // Other sources have a field of that name too, which need not be the audio's.
    if (kept != null && !isPathOf(kept, info.id())) {
      path = info.id() + extension;
    }
    if (!isPathOf(path, info.id())) {
      throw DuovoxException.badData(
          "'%s': the id cannot be written as a path of a .tsv; write .jsonl".formatted(info.id()));
    }
    return path;
  }

  private static boolean isPathOf(String path, String id) {
    try {
      return path.indexOf('\t') < 0 && UtteranceIds.ofPath(path, "").equals(id);
    } catch (DuovoxException e) {
      return false;
    }
  }
}
