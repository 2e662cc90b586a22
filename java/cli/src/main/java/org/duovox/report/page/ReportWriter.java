package org.duovox.report.page;

import java.nio.file.Path;
import org.duovox.io.atomic.AtomicFiles;

/// Writes a [Report] as one HTML file. Equal reports give equal bytes.
public final class ReportWriter {
  private ReportWriter() {}

  /// Writes the page, whole or not at all, after its tables.
  ///
  /// @throws org.duovox.DuovoxException of kind CANNOT_CREATE or IO
  public static void write(Report report, Path file) {
    ReportData.write(report.data(), file);
    AtomicFiles.write(file, html(report));
  }

  /// Returns the page as text.
  static String html(Report report) {
    HtmlPage page = new HtmlPage(report.title(), report.subtitle());
    page.addUnless(
        report.results().isEmpty(), "Results", out -> ResultsSection.write(out, report.results()));
    page.addUnless(
        report.curves().isEmpty(), "Training", out -> Sections.curves(out, report.curves()));
    page.addUnless(
        report.codebooks().isEmpty(),
        "Codebooks",
        out -> Sections.codebooks(out, report.codebooks()));
    page.addUnless(report.strip() == null, "Alignment", out -> Sections.strip(out, report.strip()));
    page.addUnless(
        report.confusions().isEmpty(),
        "Confusions",
        out -> Sections.confusions(out, report.confusions(), report.confused()));
    page.addUnless(report.words().isEmpty(), "Words", out -> report.words().writeTo(out));
    page.addUnless(report.notes().isEmpty(), "Notes", out -> Sections.notes(out, report.notes()));
    page.addUnless(
        report.stages().isEmpty(), "Stages", out -> Sections.stages(out, report.stages()));
    String yaml = report.resolvedRecipeYaml();
    page.addUnless(yaml.isBlank(), "Recipe", out -> Sections.recipe(out, yaml));
    page.addUnless(
        report.versions().isEmpty(), "Versions", out -> Sections.facts(out, report.versions()));
    page.addUnless(
        report.data().stream().allMatch(DataTable::isEmpty),
        "Data",
        out -> ReportData.section(out, report.data()));
    return page.html();
  }
}
