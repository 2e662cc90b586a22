package org.duovox.report.page;

import java.util.List;
import org.duovox.report.chart.Markup;

/// The nearest words of each word in each system, as a page shows them; words that mean alike are
/// bold.
///
/// @param systems names of the columns
/// @param rows one per word
public record NearestWords(List<String> systems, List<Row> rows) {
  private static final int SHOWN = 16;

  /// A word with its nearest words by system.
  public record Row(String word, List<List<Neighbor>> nearest) {}

  /// A word near another.
  ///
  /// @param alike whether the two mean alike by the gold list
  public record Neighbor(String word, double distance, boolean alike) {}

  public NearestWords {
    systems = List.copyOf(systems);
    rows = List.copyOf(rows);
  }

  void writeTo(Markup out) {
    write(out, "Nearest words", rows.subList(0, Math.min(SHOWN, rows.size())));
    if (rows.size() > SHOWN) {
      out.open("details").leaf("summary", (rows.size() - SHOWN) + " more words");
      write(out, "Nearest words, more", rows.subList(SHOWN, rows.size()));
      out.close();
    }
  }

  private void write(Markup out, String label, List<Row> part) {
    Sections.openScroller(out, label);
    out.open("table").leaf("caption", label, "class", "unseen").open("thead").open("tr");
    out.leaf("th", "word", "scope", "col");
    systems.forEach(system -> out.leaf("th", system, "scope", "col"));
    out.close().close().open("tbody").newLine();
    for (Row row : part) {
      out.open("tr").leaf("th", row.word(), "scope", "row");
      row.nearest().forEach(neighbors -> cell(out, neighbors));
      out.close().newLine();
    }
    out.close().close().close().newLine();
  }

  private static void cell(Markup out, List<Neighbor> neighbors) {
    out.open("td", "class", "words");
    for (int i = 0; i < neighbors.size(); i++) {
      out.text(i == 0 ? "" : ", ");
      out.leaf(neighbors.get(i).alike() ? "strong" : "span", neighbors.get(i).word());
    }
    out.close();
  }
}
