package org.duovox.report.page;

import java.nio.file.Path;
import java.util.List;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.report.chart.BandChart;
import org.duovox.report.chart.Chart;
import org.duovox.report.chart.Markup;
import org.duovox.report.page.ExperimentReport.Answer;
import org.duovox.report.page.ExperimentReport.Charts;
import org.duovox.report.page.ExperimentReport.Tables;

/// Writes an [ExperimentReport] as one HTML file, and its tables beside it.
public final class ExperimentReportWriter {
  private static final int FIGURES_SHOWN = 6;
  private static final int ROWS_SHOWN = 30;
  private static final int CONFUSIONS_SHOWN = 15;

  private ExperimentReportWriter() {}

  /// Writes the page, whole or not at all, after its tables.
  ///
  /// @throws org.duovox.DuovoxException of kind CANNOT_CREATE or IO
  public static void write(ExperimentReport report, Path file) {
    ReportData.write(report.data(), file);
    AtomicFiles.write(file, html(report));
  }

  /// Returns the page as text.
  static String html(ExperimentReport report) {
    Charts charts = report.charts();
    Tables tables = report.tables();
    HtmlPage page = new HtmlPage(report.title(), report.question());
    page.add("Answer", out -> answer(out, report));
    page.addUnless(report.notes().isEmpty(), "Notes", out -> Sections.notes(out, report.notes()));
    page.addUnless(tables.effects().isEmpty(), "Effects", out -> effects(out, charts, tables));
    page.addUnless(tables.arms().isEmpty(), "Scores", out -> scores(out, charts, tables));
    page.addUnless(charts.sweeps().isEmpty(), "Sweeps", out -> bands(out, charts.sweeps()));
    page.addUnless(charts.curves().isEmpty(), "Training", out -> bands(out, charts.curves()));
    page.addUnless(report.words().isEmpty(), "Words", out -> report.words().writeTo(out));
    page.addUnless(tables.confused().isEmpty(), "Confusions", out -> confused(out, tables));
    page.addUnless(tables.units().isEmpty(), "Units", out -> units(out, charts, tables));
    page.addUnless(tables.choices().isEmpty(), "Choices", out -> choices(out, tables.choices()));
    page.add("Cells", out -> tables.cells().writeTo(out, ROWS_SHOWN));
    page.add("Data", out -> ReportData.section(out, report.data()));
    return page.html();
  }

  private static void answer(Markup out, ExperimentReport report) {
    out.leaf("p", report.answer(), "class", "answer");
    Sections.facts(out, report.facts());
    if (report.findings().size() < 2) {
      return;
    }
    boolean many = report.findings().size() > FIGURES_SHOWN;
    if (many) {
      String count = "All " + report.findings().size() + " comparisons in words";
      out.open("details").leaf("summary", count);
    }
    out.open("ul", "class", "findings");
    for (Answer finding : report.findings()) {
      out.open("li");
      if (!finding.question().isEmpty()) {
        out.leaf("p", finding.question(), "class", "asked");
      }
      out.leaf("p", finding.sentence()).close().newLine();
    }
    out.close();
    if (many) {
      out.close();
    }
    out.newLine();
  }

  private static void effects(Markup out, Charts charts, Tables tables) {
    out.leaf(
        "p",
        "Difference with its 95 % interval over seeds and items. An open dot is inside the noise;"
            + " shaded is what this design could not have seen in 80 % of such experiments.",
        "class",
        "quiet");
    Sections.figures(
        out,
        charts.effects(),
        FIGURES_SHOWN,
        "plots",
        chart -> titled(out, chart, chart.title(), ""));
    tables.effects().writeTo(out, ROWS_SHOWN);
  }

  private static void scores(Markup out, Charts charts, Tables tables) {
    out.leaf(
        "p",
        "Mean over seeds with its 95 % interval over seeds and items; small dots are seeds.",
        "class",
        "quiet");
    Sections.figures(
        out,
        charts.scores(),
        FIGURES_SHOWN,
        "plots",
        chart -> titled(out, chart, chart.group().metric(), ""));
    tables.arms().writeTo(out, ROWS_SHOWN);
  }

  private static void bands(Markup out, List<BandChart> charts) {
    Sections.figures(
        out,
        charts,
        FIGURES_SHOWN,
        "figures",
        chart -> {
          titled(out, chart, chart.title(), chart.caption());
          if (chart.isShortened()) {
            legend(out, chart);
          }
        });
  }

  private static void titled(Markup out, Chart chart, String title, String caption) {
    out.leaf("p", title, "class", "chart-title");
    chart.writeTo(out);
    if (!caption.isEmpty()) {
      out.leaf("figcaption", caption);
    }
  }

  private static void legend(Markup out, BandChart chart) {
    out.open("ul", "class", "legend");
    for (BandChart.Line line : chart.lines()) {
      out.open("li").open("svg", "viewBox", "0 0 30 10", "aria-hidden", "true");
      String css = "series sample " + line.css();
      out.empty("line", "class", css, "x1", 1, "y1", 5, "x2", 29, "y2", 5).close();
      out.leaf("span", line.name()).close();
    }
    out.close().newLine();
  }

  private static void confused(Markup out, Tables tables) {
    out.leaf(
        "p",
        "Most frequent errors over all seeds: how many of the utterances of an intent were taken for"
            + " the other.",
        "class",
        "quiet");
    tables.confused().writeTo(out, CONFUSIONS_SHOWN);
  }

  private static void units(Markup out, Charts charts, Tables tables) {
    tables.units().writeTo(out, ROWS_SHOWN);
    Sections.codebooks(out, charts.codebooks());
  }

  private static void choices(Markup out, DataTable choices) {
    out.leaf(
        "p",
        "What layers and channels scored on dev, by which one was chosen for test.",
        "class",
        "quiet");
    out.open("details").leaf("summary", choices.rows().size() + " settings");
    choices.writeTo(out, choices.rows().size());
    out.close();
  }
}
