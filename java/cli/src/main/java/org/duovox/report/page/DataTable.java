package org.duovox.report.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import org.duovox.report.chart.Markup;

/// A table of a report, which stands on its page and as CSV and JSON beside it.
///
/// @param name of its files, without an extension
/// @param title what it holds, in words
/// @param columns names, as the files have them
/// @param rows values by column: texts, numbers, truth values, or null for none
public record DataTable(String name, String title, List<String> columns, List<List<Object>> rows) {
  /// Decimals of a value of at most this size are three, of a larger one two.
  private static final double SHARE = 1.5;

  private static final double TINY = 0.0005; // Would be 0.000, as p values often are.

  public DataTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    for (List<Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "%s: %d values in %d columns".formatted(name, row.size(), columns.size()));
      }
    }
  }

  /// Returns a table of this name without rows.
  public static DataTable empty(String name) {
    return new DataTable(name, name, List.of(), List.of());
  }

  /// Returns whether it has no rows.
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /// Returns the table as CSV (RFC 4180, lines end with a line feed).
  public String csv() {
    StringBuilder text = new StringBuilder();
    line(text, List.copyOf(columns));
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private static void line(StringBuilder text, List<?> cells) {
    for (int i = 0; i < cells.size(); i++) {
      text.append(i == 0 ? "" : ",").append(quoted(plain(cells.get(i))));
    }
    text.append('\n');
  }

  private static Object plain(Object value) {
    boolean undefined = value instanceof Double number && !Double.isFinite(number);
    return undefined ? null : value;
  }

  private static String quoted(Object value) {
    String cell = value == null ? "" : value.toString();
    return cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /// Returns the table as JSON: a list of objects, null where there is no value.
  public String json() {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (List<Object> row : rows) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        object.put(columns.get(i), plain(row.get(i)));
      }
      objects.add(object);
    }
    return Json.pretty(objects);
  }

  /// Writes the table into a page, the rows behind the first ones in a fold-out.
  ///
  /// @param shown rows in sight
  void writeTo(Markup out, int shown) {
    int first = Math.min(shown, rows.size());
    write(out, title, rows.subList(0, first));
    if (first < rows.size()) {
      out.open("details").leaf("summary", Wording.count(rows.size() - first, "more row"));
      write(out, title + ", more rows", rows.subList(first, rows.size()));
      out.close();
    }
  }

  private void write(Markup out, String label, List<List<Object>> part) {
    Sections.openScroller(out, label);
    out.open("table", "class", "data")
        .leaf("caption", label, "class", "unseen")
        .open("thead")
        .open("tr");
    for (int i = 0; i < columns.size(); i++) {
      String heading = columns.get(i).replace('_', ' ');
      out.leaf("th", heading, "scope", "col", "class", isNumber(i) ? "number" : null);
    }
    out.close().close().open("tbody").newLine();
    for (List<Object> row : part) {
      out.open("tr").leaf("th", shown(row.getFirst()), "scope", "row");
      for (int i = 1; i < row.size(); i++) {
        out.leaf("td", shown(row.get(i)), "class", isNumber(i) ? "number" : null);
      }
      out.close().newLine();
    }
    out.close().close().close().newLine();
  }

  private boolean isNumber(int column) {
    return rows.stream()
        .map(row -> row.get(column))
        .allMatch(value -> value == null || value instanceof Number);
  }

  private static String shown(Object value) {
    return switch (value) {
      case null -> Wording.fixed(Double.NaN, 0);
      case Double tiny when tiny != 0 && Math.abs(tiny) < TINY -> Wording.format("%.1e", tiny);
      case Double number -> Wording.fixed(number, Math.abs(number) <= SHARE ? 3 : 2);
      case Number number -> Wording.grouped(number.longValue());
      case Boolean truth -> truth ? "yes" : "no";
      default -> value.toString();
    };
  }
}
