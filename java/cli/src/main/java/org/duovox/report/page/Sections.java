package org.duovox.report.page;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.duovox.report.Wording;
import org.duovox.report.chart.ConfusionChart;
import org.duovox.report.chart.LossChart;
import org.duovox.report.chart.Markup;
import org.duovox.report.chart.StripChart;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.chart.UsageChart;

/// Writes the sections of a report's page, except its results: figures in rows, tables of versions
/// and stages, fold-outs.
final class Sections {
  private static final int FIRST_NOTES = 8;
  private static final int CURVES_SHOWN = 6;
  private static final int CONFUSIONS_SHOWN = 4;
  private static final int CONFUSED_SHOWN = 15;
  private static final int WIDE = 14; // Classes of a confusion matrix.

  private Sections() {}

  /// Opens a region that scrolls sideways by itself on narrow screens and can be reached with the
  /// keyboard.
  static void openScroller(Markup out, String label) {
    out.open("div", "class", "scroller", "role", "region", "aria-label", label, "tabindex", "0");
  }

  static void curves(Markup out, List<LossChart> curves) {
    out.leaf(
        "p",
        "Total loss; MCP is masked context prediction, MCR masked context reconstruction.",
        "class",
        "quiet");
    figures(
        out,
        curves,
        CURVES_SHOWN,
        "curves",
        curve -> {
          curve.writeTo(out);
          out.leaf("figcaption", curve.name());
        });
  }

  static void codebooks(Markup out, List<UnitHistogram> codebooks) {
    figures(
        out,
        codebooks,
        CURVES_SHOWN,
        "codebooks",
        usage -> {
          new UsageChart(usage).writeTo(out);
          out.leaf("figcaption", usage.name());
          out.open("dl", "class", "facts");
          fact(out, "Perplexity", Wording.fixed(usage.use().perplexityOrNaN(), 1));
          fact(out, "Commonest unit", Wording.pagePercent(usage.use().mostFrequentShareOrNaN()));
          fact(
              out,
              "Unused",
              Wording.grouped(usage.use().unused()) + " of " + usage.counts().length);
          fact(out, "Frames", Wording.grouped(usage.total()));
          out.close();
        });
  }

  static void strip(Markup out, StripChart strip) {
    out.open("figure", "class", "wide");
    openScroller(out, "Alignment of one utterance");
    strip.writeTo(out);
    out.close();
    out.open("figcaption").text("Utterance ").leaf("bdi", strip.utteranceId());
    out.text(". Equal colors in a row are equal units; ids are written where they fit.");
    out.close().close().newLine();
  }

  static void confusions(Markup out, List<ConfusionChart> confusions, DataTable confused) {
    out.leaf("p", "Color is the share of the row; errors are orange.", "class", "quiet");
    figures(
        out,
        confusions,
        CONFUSIONS_SHOWN,
        "confusion matrices",
        chart -> {
          openScroller(out, "Confusion matrix of " + chart.name());
          chart.writeTo(out);
          out.close().leaf("figcaption", chart.name());
        });
    if (!confused.isEmpty()) {
      out.open("details").leaf("summary", confused.title());
      confused.writeTo(out, CONFUSED_SHOWN);
      out.close();
    }
  }

  static void stages(Markup out, List<Report.StageTime> stages) {
    double longest = stages.stream().mapToDouble(Report.StageTime::seconds).max().orElse(0);
    double total = stages.stream().mapToDouble(Report.StageTime::seconds).sum();
    openScroller(out, "Table of stages");
    out.open("table", "class", "stages").open("thead").open("tr");
    out.leaf("th", "Stage", "scope", "col").leaf("th", "Time", "scope", "col", "class", "number");
    out.open("th", "scope", "col", "aria-hidden", "true").close().close().close().open("tbody");
    for (Report.StageTime stage : stages) {
      String width = Markup.coordinate(longest > 0 ? 100 * stage.seconds() / longest : 0);
      out.open("tr").open("th", "scope", "row").text(stage.name());
      out.close().leaf("td", Wording.pageDuration(stage.seconds()), "class", "number");
      out.open("td", "class", "bar-cell");
      if (stage.reused()) {
        out.leaf("span", "reused", "class", "quiet");
      } else {
        out.leaf("span", "", "class", "bar", "style", "width:" + width + "%");
      }
      out.close().close().newLine();
    }
    out.close().open("tfoot").open("tr").leaf("th", "Total", "scope", "row");
    out.leaf("td", Wording.pageDuration(total), "class", "number").leaf("td", "");
    out.close().close().close().close().newLine();
  }

  /// Writes the first notes, the others in a fold-out.
  static void notes(Markup out, List<String> notes) {
    int first = Math.min(notes.size(), FIRST_NOTES);
    list(out, notes.subList(0, first));
    if (first < notes.size()) {
      out.open("details").leaf("summary", (notes.size() - first) + " more notes");
      list(out, notes.subList(first, notes.size()));
      out.close().newLine();
    }
  }

  private static void list(Markup out, List<String> notes) {
    out.open("ul", "class", "notes");
    notes.forEach(note -> out.leaf("li", note));
    out.close().newLine();
  }

  static void facts(Markup out, Map<String, String> facts) {
    out.open("dl", "class", "versions");
    facts.forEach((name, value) -> fact(out, name, value));
    out.close().newLine();
  }

  static void recipe(Markup out, String yaml) {
    out.open("details").leaf("summary", "Resolved recipe");
    out.open("pre", "tabindex", "0").leaf("code", yaml.stripTrailing()).close().close().newLine();
  }

  private static void fact(Markup out, String name, String value) {
    out.open("div").leaf("dt", name).leaf("dd", value).close();
  }

  /// Writes the first figures side by side, the others in a fold-out.
  static <T> void figures(Markup out, List<T> items, int shown, String what, Consumer<T> figure) {
    int first = Math.min(shown, items.size());
    grid(out, items.subList(0, first), figure);
    if (first < items.size()) {
      int more = items.size() - first;
      out.open("details").leaf("summary", more == 1 ? "One more" : more + " more " + what);
      grid(out, items.subList(first, items.size()), figure);
      out.close();
    }
  }

  private static <T> void grid(Markup out, List<T> items, Consumer<T> figure) {
    out.open("div", "class", "grid-2");
    for (T item : items) {
      boolean wide = item instanceof ConfusionChart chart && chart.matrix().labels().size() > WIDE;
      out.open("figure", "class", wide ? "wide" : null);
      figure.accept(item);
      out.close().newLine();
    }
    out.close();
  }
}
