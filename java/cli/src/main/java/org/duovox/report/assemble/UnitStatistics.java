package org.duovox.report.assemble;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.page.DataTable;
import org.duovox.units.CodebookUse;
import org.duovox.units.sets.UnitSet;

/// How the units of stages are used, both streams of each.
final class UnitStatistics {
  private static final List<String> STREAMS = List.of("contextual", "phonetic");

  private final List<UnitHistogram> histograms = new ArrayList<>();
  private final Map<Path, List<Object>> rows = new LinkedHashMap<>();

  /// Adds both streams of a stage, once each.
  ///
  /// @param name who uses them
  void add(String name, Path stage) {
    for (String stream : STREAMS) {
      Path folder = stage.resolve(stream);
      if (Files.isDirectory(folder) && !rows.containsKey(folder)) {
        UnitHistogram histogram =
            new UnitHistogram(stream + ": " + name, UnitSet.open(folder).countUnits().counts());
        histograms.add(histogram);
        rows.put(folder, row(name, stream, histogram));
      }
    }
  }

  private static List<Object> row(String name, String stream, UnitHistogram histogram) {
    CodebookUse use = histogram.use();
    return List.of(
        name,
        stream,
        histogram.counts().length,
        use.unused(),
        use.perplexityOrNaN(),
        use.mostFrequentShareOrNaN(),
        histogram.total());
  }

  List<UnitHistogram> histograms() {
    return histograms;
  }

  DataTable table() {
    return new DataTable(
        "units",
        "Unit statistics",
        List.of("cells", "stream", "units", "unused", "perplexity", "commonest_share", "frames"),
        List.copyOf(rows.values()));
  }
}
