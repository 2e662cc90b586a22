package org.duovox.audio.manifest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.duovox.DuovoxException;
import org.duovox.io.TextLines;

/// A fairseq manifest as it is written: the root folder in the first line, then
/// `relative/path<TAB>samples`. The one reader of that form; what its paths may be is said by
/// [PathRules].
///
/// Blank lines are passed over, and so are blanks around the number and behind it; a whole number
/// may end in `.0`, as spreadsheets write it.
///
/// @param root as written, without blanks around it
/// @param rootWhere file and line of the root
/// @param rows in the order of the file, maybe none
public record TsvLines(String root, String rootWhere, List<Row> rows) {
  private static final Pattern SAMPLES = Pattern.compile("([0-9]{1,15})(\\.0*)?");

  private static final Pattern NO_TAB = Pattern.compile(".*\\.[A-Za-z0-9]+ +[0-9]+ *");

  /// One line.
  ///
  /// @param path as written
  /// @param samples empty when the line ends with the path
  /// @param where file and line
  public record Row(String path, OptionalLong samples, String where) {}

  public TsvLines {
    rows = List.copyOf(rows);
  }

  /// Reads a file.
  ///
  /// @throws DuovoxException (BAD_DATA) with file and line
  public static TsvLines read(Path file, TextLines.End end) {
    List<Row> rows = new ArrayList<>();
    String root = null;
    String rootWhere = null;
    try (TextLines lines = TextLines.open(file, end)) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        if (root == null) {
          root = root(line, lines.where());
          rootWhere = lines.where();
        } else {
          rows.add(row(line, lines.where()));
        }
      }
    }
    if (root == null) {
      throw DuovoxException.badData(file + ": holds only blank lines");
    }
    return new TsvLines(root, rootWhere, rows);
  }

  private static String root(String line, String where) {
    if (line.strip().indexOf('\t') >= 0) {
      throw DuovoxException.badData(
          where
              + ": the first line must be the root folder of the paths below, alone; tables with a"
              + " header and other columns are read as .jsonl");
    }
    return line.strip();
  }

  private static Row row(String line, String where) {
    String[] columns = line.split("\t", -1);
    if (columns.length == 1 && NO_TAB.matcher(line).matches()) {
      throw DuovoxException.badData(
          where + ": no TAB between path and number; expected path<TAB>samples");
    }
    String samples = columns.length > 1 ? columns[1].strip() : "";
    boolean more =
        columns.length > 2 && !Arrays.stream(columns, 2, columns.length).allMatch(String::isBlank);
    var matcher = SAMPLES.matcher(samples);
    if (more || (columns.length > 1 && !matcher.matches())) {
      throw DuovoxException.badData(
          where + ": expected path<TAB>samples, the number of samples a whole number");
    }
    OptionalLong number =
        columns.length > 1
            ? OptionalLong.of(Long.parseLong(matcher.group(1)))
            : OptionalLong.empty();
    return new Row(columns[0], number, where);
  }
}
