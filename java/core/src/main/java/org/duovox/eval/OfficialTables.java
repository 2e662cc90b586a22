package org.duovox.eval;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.duovox.io.Csv;
import org.duovox.io.Decimals;

/// The two tables that the official evaluators write, byte for byte as pandas does:
/// `score_semantic_SET_pairs.csv`, which is pairs.csv with the scores beside it, and
/// `score_semantic_SET_correlation.csv`. Numbers have 4 decimals; what is undefined is empty.
public final class OfficialTables {
  private static final int DECIMALS = 4;

  private OfficialTables() {}

  /// Returns the table of the pairs.
  ///
  /// @param pairs the pairs.csv that was scored
  public static String pairs(Path pairs, SsimiResult result) {
    Csv csv = Csv.read(pairs);
    List<Boolean> decimal =
        IntStream.range(0, csv.header().size()).mapToObj(column -> isDecimal(csv, column)).toList();
    StringBuilder text = new StringBuilder();
    List<String> header = new ArrayList<>(csv.header());
    header.add("score");
    line(text, header);
    for (int i = 0; i < csv.rows().size(); i++) {
      List<String> cells = new ArrayList<>();
      for (int column = 0; column < decimal.size(); column++) {
        String cell = csv.rows().get(i).cells().get(column);
        cells.add(decimal.get(column) ? number(cell) : cell);
      }
      cells.add(fixed(result.pairs().get(i).score()));
      line(text, cells);
    }
    return text.toString();
  }

  /// Returns the table of the correlations, sorted by type and dataset.
  public static String correlations(SsimiResult result) {
    StringBuilder text = new StringBuilder("type,dataset,correlation\n");
    result
        .correlations()
        .forEach((group, value) -> {
          int slash = group.indexOf('/');
          line(text, List.of(group.substring(0, slash), group.substring(slash + 1), fixed(value)));
        });
    return text.toString();
  }

  /// Returns a number as it stands in the tables.
  static double rounded(double value) {
    return Double.isNaN(value) ? value : Double.parseDouble(fixed(value));
  }

  /// Returns 4 decimals as C's printf: of the exact value of the double, ties to even.
  private static String fixed(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String digits =
        new BigDecimal(Math.abs(value)).setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString();
    return Math.copySign(1, value) < 0 ? "-" + digits : digits;
  }

  /// Returns whether pandas reads a column as decimal numbers: all its cells are numbers or
  /// missing, and not all of them whole numbers.
  private static boolean isDecimal(Csv csv, int column) {
    boolean whole = true;
    for (Csv.Row row : csv.rows()) {
      String cell = row.cells().get(column).strip();
      if (!SsimiTables.isMissing(cell) && Decimals.parse(cell).isEmpty()) {
        return false;
      }
      whole &= cell.matches("[+-]?[0-9]+");
    }
    return !whole;
  }

  private static String number(String cell) {
    return fixed(Decimals.parse(cell.strip()).orElse(Double.NaN));
  }

  private static void line(StringBuilder text, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      text.append(i == 0 ? "" : ",").append(quoted(cells.get(i)));
    }
    text.append('\n');
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
