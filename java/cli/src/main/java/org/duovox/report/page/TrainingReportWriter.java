package org.duovox.report.page;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.report.Wording;
import org.duovox.report.chart.CurveChart;
import org.duovox.report.chart.CurveChart.Mark;
import org.duovox.report.chart.Markup;
import org.duovox.report.page.TrainingReport.Checkpoint;
import org.duovox.report.page.TrainingReport.Run;

/// Writes a [TrainingReport] as one HTML file.
public final class TrainingReportWriter {
  private TrainingReportWriter() {}

  /// Writes the page, whole or not at all.
  ///
  /// @throws org.duovox.DuovoxException of kind CANNOT_CREATE or IO
  public static void write(TrainingReport report, Path file) {
    AtomicFiles.write(file, html(report));
  }

  /// Returns the page as text.
  static String html(TrainingReport report) {
    List<Run> runs = report.runs();
    HtmlPage page = new HtmlPage(report.title(), report.subtitle());
    page.add("Summary", out -> summary(out, runs));
    page.addUnless(report.notes().isEmpty(), "Notes", out -> Sections.notes(out, report.notes()));
    page.addUnless(report.charts().isEmpty(), "Curves", out -> curves(out, report));
    boolean saved = runs.stream().anyMatch(run -> !run.checkpoints().isEmpty());
    page.addUnless(!saved, "Checkpoints", out -> checkpoints(out, runs));
    table(page, "Settings", runs, Run::settings);
    table(page, "Environment", runs, Run::environment);
    return page.html();
  }

  private static void summary(Markup out, List<Run> runs) {
    if (runs.size() == 1) {
      Sections.facts(out, runs.getFirst().facts());
      return;
    }
    compared(out, "Runs", runs, names(runs, Run::facts), Run::facts, false);
  }

  private static void curves(Markup out, TrainingReport report) {
    String terms = "MCP is masked context prediction, MCR masked context reconstruction.";
    out.leaf("p", terms, "class", "quiet");
    legend(out, report);
    out.open("div", "class", "grid-2");
    for (CurveChart chart : report.charts()) {
      out.open("figure").leaf("p", chart.title(), "class", "chart-title");
      chart.writeTo(out);
      if (!chart.caption().isEmpty()) {
        out.leaf("figcaption", chart.caption());
      }
      out.close().newLine();
    }
    out.close();
  }

  private static void legend(Markup out, TrainingReport report) {
    out.open("ul", "class", "legend");
    if (report.runs().size() == 1) {
      entry(out, "series sample run-0", "training");
      entry(out, "series sample run-1 held-out", "held-out utterances");
    } else {
      for (int i = 0; i < report.runs().size(); i++) {
        String name = report.runs().get(i).name();
        entry(out, "series sample " + CurveChart.color(i), name);
      }
      entry(out, "series sample run-4", "solid: training");
      entry(out, "series sample run-4 held-out", "dashed: held-out utterances");
    }
    for (Mark.Kind kind : Mark.Kind.values()) {
      boolean any =
          report.charts().stream().flatMap(c -> c.marks().stream()).anyMatch(m -> m.kind() == kind);
      if (any) {
        boolean spike = kind == Mark.Kind.SPIKE;
        entry(
            out,
            spike ? "mark spike" : "mark skipped",
            spike ? "loss spike" : "skipped step (not finite)");
      }
    }
    out.close().newLine();
  }

  private static void entry(Markup out, String type, String text) {
    out.open("li").open("svg", "viewBox", "0 0 30 10", "aria-hidden", "true");
    out.empty("line", "class", type, "x1", 1, "y1", 5, "x2", 29, "y2", 5)
        .close()
        .leaf("span", text)
        .close();
  }

  private static void checkpoints(Markup out, List<Run> runs) {
    boolean several = runs.size() > 1;
    Sections.openScroller(out, "Table of checkpoints");
    out.open("table").open("thead").open("tr");
    if (several) {
      out.leaf("th", "Run", "scope", "col");
    }
    out.leaf("th", "Folder", "scope", "col").leaf("th", "Step", "scope", "col", "class", "number");
    out.leaf("th", "", "scope", "col").close().close().open("tbody");
    for (Run run : runs) {
      for (Checkpoint checkpoint : run.checkpoints()) {
        out.open("tr");
        if (several) {
          out.leaf("td", run.name());
        }
        out.leaf("td", checkpoint.name());
        out.leaf("td", Wording.grouped(checkpoint.step()), "class", "number");
        out.leaf("td", checkpoint.remark()).close().newLine();
      }
    }
    out.close().close().close().newLine();
  }

  /// Adds a section of values by key: of several runs, what differs is shown and the rest folded
  /// away.
  private static void table(
      HtmlPage page, String title, List<Run> runs, Function<Run, Map<String, String>> values) {
    Set<String> keys = names(runs, values);
    if (keys.isEmpty()) {
      return;
    }
    if (runs.size() == 1) {
      Map<String, String> only = values.apply(runs.getFirst());
      page.add(title, out -> Sections.facts(out, only));
      return;
    }
    Set<String> differing = new LinkedHashSet<>();
    Set<String> equal = new LinkedHashSet<>();
    for (String key : keys) {
      long different = runs.stream().map(run -> values.apply(run).get(key)).distinct().count();
      (different > 1 ? differing : equal).add(key);
    }
    page.add(
        title,
        out -> {
          if (!differing.isEmpty()) {
            compared(out, title, runs, differing, values, true);
          }
          if (!equal.isEmpty()) {
            String same = equal.size() + " that are equal in all runs";
            out.open("details").leaf("summary", same);
            compared(out, title, runs.subList(0, 1), equal, values, false);
            out.close();
          }
        });
  }

  private static void compared(
      Markup out,
      String label,
      List<Run> runs,
      Set<String> keys,
      Function<Run, Map<String, String>> values,
      boolean differing) {
    Sections.openScroller(out, "Table of " + label.toLowerCase(Locale.ROOT));
    out.open("table", "class", differing ? "settings differs" : "settings");
    if (runs.size() > 1) {
      out.open("thead").open("tr").leaf("th", "");
      runs.forEach(run -> out.leaf("th", run.name(), "scope", "col"));
      out.close().close();
    }
    out.open("tbody");
    for (String key : keys) {
      out.open("tr").leaf("th", key, "scope", "row");
      runs.forEach(run -> out.leaf("td", values.apply(run).getOrDefault(key, "\u2013")));
      out.close().newLine();
    }
    out.close().close().close().newLine();
  }

  private static Set<String> names(List<Run> runs, Function<Run, Map<String, String>> values) {
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(values.apply(run).keySet()));
    return names;
  }
}
