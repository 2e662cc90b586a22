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

/// Makes the page of one or several training runs, finished or in progress, from their folders.
public final class TrainingReports {
  private TrainingReports() {}

  /// Writes the page.
  ///
  /// @param folders of the runs, each with `metrics.jsonl`
  public static void write(List<Path> folders, Path page) {
    List<TrainingRecord> runs = folders.stream().map(TrainingRecord::read).toList();
    Map<String, TrainingRecord> named = named(runs);
    List<TrainingReport.Run> described = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    named.forEach((name, run) -> {
      described.add(new TrainingFacts(run).run(name));
      String prefix = named.size() == 1 ? "" : name + ": ";
      run.notes().forEach(note -> notes.add(prefix + note));
    });
    TrainingReport report =
        new TrainingReport(
            String.join(" \u00B7 ", named.keySet()),
            named.size() == 1 ? runs.getFirst().state() : named.size() + " training runs compared",
            described,
            new TrainingCurves(runs).charts(),
            notes);
    TrainingReportWriter.write(report, page);
  }

  /// Returns runs by the names of their folders; of folders that are named alike, by as much of the
  /// path as tells them apart.
  private static Map<String, TrainingRecord> named(List<TrainingRecord> runs) {
    for (int depth = 1; ; depth++) {
      Set<String> names = new LinkedHashSet<>();
      for (TrainingRecord run : runs) {
        names.add(pathEnd(run.folder(), depth));
      }
      if (names.size() == runs.size() || depth > 40) {
        Map<String, TrainingRecord> named = new LinkedHashMap<>();
        for (TrainingRecord run : runs) {
          String name = pathEnd(run.folder(), depth);
          named.put(named.containsKey(name) ? name + " (" + named.size() + ")" : name, run);
        }
        return named;
      }
    }
  }

  private static String pathEnd(Path folder, int depth) {
    Path path = folder.toAbsolutePath().normalize();
    int count = path.getNameCount();
    return count == 0
        ? path.toString()
        : path.subpath(Math.max(0, count - depth), count).toString();
  }
}
