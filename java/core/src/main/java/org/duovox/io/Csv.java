package org.duovox.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.duovox.DuovoxException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvReadFeature;

/// A comma-separated table with a header row (RFC 4180: quoted cells may hold commas, line breaks
/// and doubled quotes), split into cells by Jackson.
///
/// A byte-order mark and blank lines are skipped; text is UTF-8. Rows that are not as wide as the
/// header, unclosed quotes and repeated column names are refused with file and line.
///
/// @param source where the table came from, for messages
/// @param header the column names, as written
/// @param rows the data rows, in file order
public record Csv(String source, List<String> header, List<Row> rows) {
  private static final CsvFactory FACTORY =
      CsvFactory.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();

  /// One data row: the line that it starts on (from 1) and as many cells as the header has columns.
  public record Row(int line, List<String> cells) {}

  /// Reads a whole file.
  ///
  /// @throws DuovoxException (MISSING_INPUT or BAD_DATA) with file and line
  public static Csv read(Path file) {
    FileKind.requireText(file, "a table of CSV");
    return parse(TextInput.read(file), file.toString());
  }

  /// Parses text; `source` begins the message of an error.
  public static Csv parse(String text, String source) {
    List<Row> all = parseRows(text.startsWith("\uFEFF") ? text.substring(1) : text, source);
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

  private static List<Row> parseRows(String text, String source) {
    List<Row> rows = new ArrayList<>();
    int line = 1;
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        line = parser.currentLocation().getLineNr();
        int start = line;
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          cells.add(parser.getString());
          line = parser.currentLocation().getLineNr();
        }
        if (cells.size() > 1 || !cells.getFirst().isBlank()) {
          rows.add(new Row(start, List.copyOf(cells)));
        }
      }
      return rows;
    } catch (JacksonException e) {
      throw malformed(e, source, line);
    }
  }

  /// @param line on which the cell that cannot be read begins
  private static DuovoxException malformed(JacksonException e, String source, int line) {
    String message = e.getOriginalMessage();
    if (message.startsWith("Missing closing quote")) {
      return DuovoxException.badData(
          source + ":" + line + ": a quote is opened and never closed", e);
    }
    String place = source + ":" + e.getLocation().getLineNr() + ": ";
    return DuovoxException.badData(
        message.contains("Expected column separator")
            ? place + "text after a closing quote; write a quote inside as \"\""
            : place + message,
        e);
  }

  /// Returns the position of a column.
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

  /// Returns `source:line` of a row, to begin a message.
  public String at(Row row) {
    return source + ":" + row.line();
  }
}
