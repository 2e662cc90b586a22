package org.duovox.report.assemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.report.page.TrainingReport;
import org.duovox.report.page.TrainingReportWriter;

/// Makes the page of one or several training runs, finished or in progress, from what stands in
/// their folders.
public final class TrainingReports {
  private TrainingReports() {}

  /// Writes the page.
  ///
  /// @param folders of the runs, each with `metrics.jsonl`
  public static void write(List<Path> folders, Path page) {
    List<RunReading> runs = folders.stream().map(RunReading::of).toList();
    Map<String, RunReading> named = named(runs);
    List<TrainingReport.Run> parts = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    named.forEach((name, run) -> {
      parts.add(new RunFacts(run).run(name));
      String where = named.size() == 1 ? "" : name + ": ";
      run.notes().forEach(note -> notes.add(where + note));
    });
    TrainingReport report =
        new TrainingReport(
            String.join(" \u00B7 ", named.keySet()),
            named.size() == 1 ? runs.getFirst().state() : named.size() + " training runs compared",
            parts,
            new RunCharts(runs).charts(),
            notes);
    TrainingReportWriter.write(report, page);
  }

  /// Folder names; of folders that are named alike as much of the path as tells them apart.
  private static Map<String, RunReading> named(List<RunReading> runs) {
    for (int depth = 1; ; depth++) {
      Set<String> names = new LinkedHashSet<>();
      for (RunReading run : runs) {
        names.add(end(run.folder(), depth));
      }
      if (names.size() == runs.size() || depth > 40) {
        Map<String, RunReading> named = new LinkedHashMap<>();
        for (RunReading run : runs) {
          String name = end(run.folder(), depth);
          named.put(named.containsKey(name) ? name + " (" + named.size() + ")" : name, run);
        }
        return named;
      }
    }
  }

  private static String end(Path folder, int depth) {
    Path path = folder.toAbsolutePath().normalize();
    int count = path.getNameCount();
    return count == 0
        ? path.toString()
        : path.subpath(Math.max(0, count - depth), count).toString();
  }
}
