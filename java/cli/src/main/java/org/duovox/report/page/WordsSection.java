package org.duovox.report.page;

import java.util.List;
import org.duovox.report.chart.Markup;
import org.duovox.report.chart.WordMap;

/// What a report shows of the words that systems have vectors of: a map for each system, and the
/// nearest words.
///
/// @param maps one per system
/// @param nearest null where there are no words
/// @param note how the two were made, in a sentence
public record WordsSection(List<WordMap> maps, NearestWords nearest, String note) {
  private static final int MAPS_SHOWN = 4;

  /// The section of a report without words.
  public static final WordsSection NONE = new WordsSection(List.of(), null, "");

  public WordsSection {
    maps = List.copyOf(maps);
  }

  boolean isEmpty() {
    return nearest == null;
  }

  void writeTo(Markup out) {
    out.leaf("p", note, "class", "quiet");
    Sections.figures(
        out,
        maps,
        MAPS_SHOWN,
        "maps",
        map -> {
          out.leaf("p", map.name(), "class", "chart-title");
          map.writeTo(out);
          out.leaf("figcaption", map.sheet().description());
        });
    nearest.writeTo(out);
  }
}
