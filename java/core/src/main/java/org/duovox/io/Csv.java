package org.duovox.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.duovox.DuovoxException;

/// A comma-separated table with a header row (RFC 4180: quoted cells may hold commas, line breaks
/// and doubled quotes).
///
/// Own code because the tables here are small and the grammar is four characters; a library would
/// only add a dependency. Lines end in LF or CRLF; a byte-order mark and blank lines are skipped;
/// text is UTF-8. Rows that are not as wide as the header, unclosed quotes and repeated column
/// names are refused with file and line.
///
/// @param source where the table came from, for messages
/// @param header the column names, as written
/// @param rows the data rows, in file order
public record Csv(String source, List<String> header, List<Row> rows) {

  /// One data row: the line that it starts on (from 1) and as many cells as the header has columns.
  public record Row(int line, List<String> cells) {}

  /// Reads a whole file.
  public static Csv read(Path file) {
    FileKind.requireText(file, "a table of CSV");
    return parse(TextInput.read(file), file.toString());
  }

  /// Parses text; `source` begins the message of an error.
  public static Csv parse(String text, String source) {
    List<Row> all = new Parser(text, source).rows();
    if (all.isEmpty()) {
      throw DuovoxException.badData(source + ": is empty; the first line must name the columns");
    }
    List<String> header = all.getFirst().cells();
    if (new HashSet<>(header).size() != header.size()) {
      throw DuovoxException.badData(source + ": a column name occurs twice in " + header);
    }
    for (Row row : all.subList(1, all.size())) {
      if (row.cells().size() != header.size()) {
        throw DuovoxException.badData(
            "%s:%d: %d cells where the header has %d"
                .formatted(source, row.line(), row.cells().size(), header.size()));
      }
    }
    return new Csv(source, header, List.copyOf(all.subList(1, all.size())));
  }

  /// Position of a column.
  ///
  /// @throws DuovoxException of kind BAD_DATA that lists the columns there are
  public int column(String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw DuovoxException.badData(
          source
              + ": has no column \""
              + name
              + "\"; its columns are "
              + String.join(", ", header));
    }
    return index;
  }

  /// `source:line` of a row, to begin a message.
  public String at(Row row) {
    return source + ":" + row.line();
  }

  /// A cursor over the text; one method per state of the grammar.
  private static final class Parser {
    private final String text;
    private final String source;
    private int position;
    private int line = 1;

    Parser(String text, String source) {
      this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
      this.source = source;
    }

    List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      while (position < text.length()) {
        int start = line;
        List<String> cells = row();
        if (cells.size() > 1 || !cells.getFirst().isBlank()) {
          rows.add(new Row(start, cells));
        }
      }
      return rows;
    }

    private List<String> row() {
      List<String> cells = new ArrayList<>();
      while (true) {
        cells.add(at('"') ? quoted() : bare());
        if (!at(',')) {
          break;
        }
        position++;
      }
      endOfLine();
      return List.copyOf(cells);
    }

    private String bare() {
      int start = position;
      while (position < text.length() && !at(',') && !atLineEnd()) {
        position++;
      }
      return text.substring(start, position);
    }

    private String quoted() {
      int opened = line;
      StringBuilder cell = new StringBuilder();
      for (position++; position < text.length(); position++) {
        char c = text.charAt(position);
        if (c == '"') {
          position++;
          if (!at('"')) {
            return cell.toString();
          }
        } else if (c == '\n') {
          line++;
        }
        cell.append(c);
      }
      throw DuovoxException.badData(source + ":" + opened + ": a quote is opened and never closed");
    }

    private void endOfLine() {
      if (position < text.length() && !atLineEnd()) {
        throw DuovoxException.badData(
            source + ":" + line + ": text after a closing quote; write a quote inside as \"\"");
      }
      if (at('\r')) {
        position++;
      }
      if (at('\n')) {
        position++;
        line++;
      }
    }

    private boolean atLineEnd() {
      return at('\n')
          || (at('\r') && (position + 1 == text.length() || text.charAt(position + 1) == '\n'));
    }

    private boolean at(char c) {
      return position < text.length() && text.charAt(position) == c;
    }
  }
}
