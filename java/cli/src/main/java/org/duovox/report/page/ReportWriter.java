package org.duovox.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.report.chart.Markup;

/// Writes a [Report] as one HTML file that needs nothing else: no scripts, no fonts, no pictures
/// from elsewhere.
///
/// Equal reports give equal bytes. The page forbids loading anything through its content security
/// policy, and all text is escaped, so that ids and labels from a data set cannot do harm.
public final class ReportWriter {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private ReportWriter() {}

  /// Writes the page, whole or not at all.
  ///
  /// @throws org.duovox.DuovoxException of kind CANNOT_CREATE or IO
  public static void write(Report report, Path file) {
    AtomicFiles.write(file, html(report));
  }

  /// The page as text.
  static String html(Report report) {
    return html(report.title(), report.subtitle(), sections(report));
  }

  /// A page of these sections.
  static String html(String title, String subtitle, List<Section> sections) {
    Markup out = new Markup();
    out.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").newLine();
    head(out, title);
    out.open("body").newLine();
    header(out, title, subtitle, sections);
    out.open("main").newLine();
    sections.forEach(section -> section(out, section));
    out.close().newLine().open("footer").text("Written by Duovox.").close().newLine();
    return out.close().newLine().close().newLine().toString();
  }

  /// A part of the page with a heading.
  record Section(String title, Consumer<Markup> body) {
    String id() {
      return title.toLowerCase(Locale.ROOT);
    }
  }

  private static List<Section> sections(Report report) {
    List<Section> all = new ArrayList<>();
    add(
        all,
        "Results",
        report.results().isEmpty(),
        out -> ResultsSection.write(out, report.results()));
    add(all, "Notes", report.notes().isEmpty(), out -> Page.notes(out, report.notes()));
    add(all, "Training", report.curves().isEmpty(), out -> Page.curves(out, report.curves()));
    add(
        all,
        "Codebooks",
        report.codebooks().isEmpty(),
        out -> Page.codebooks(out, report.codebooks()));
    add(all, "Alignment", report.strip() == null, out -> Page.strip(out, report.strip()));
    add(
        all,
        "Confusions",
        report.confusions().isEmpty(),
        out -> Page.confusions(out, report.confusions()));
    add(all, "Stages", report.stages().isEmpty(), out -> Page.stages(out, report.stages()));
    String yaml = report.resolvedRecipeYaml();
    add(all, "Recipe", yaml.isBlank(), out -> Page.recipe(out, yaml));
    add(all, "Versions", report.versions().isEmpty(), out -> Page.versions(out, report.versions()));
    return all;
  }

  private static void add(
      List<Section> sections, String title, boolean empty, Consumer<Markup> body) {
    if (!empty) {
      sections.add(new Section(title, body));
    }
  }

  private static void section(Markup out, Section section) {
    out.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
    out.leaf("h2", section.title(), "id", section.id() + "-title").newLine();
    section.body().accept(out);
    out.close().newLine();
  }

  private static void head(Markup out, String title) {
    out.open("head").empty("meta", "charset", "utf-8");
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.empty("meta", "name", "color-scheme", "content", "light dark");
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    out.leaf("title", title + " \u00B7 Duovox");
    out.open("style").verbatim(styleSheet()).close().close().newLine();
  }

  private static void header(Markup out, String title, String subtitle, List<Section> sections) {
    out.open("header").leaf("p", "Duovox report", "class", "kicker").leaf("h1", title);
    if (!subtitle.isBlank()) {
      out.leaf("p", subtitle, "class", "subtitle");
    }
    if (sections.size() > 1) {
      out.open("nav", "aria-label", "Sections");
      sections.forEach(section -> out.leaf("a", section.title(), "href", "#" + section.id()));
      out.close();
    }
    out.close().newLine();
  }

  private static String styleSheet() {
    try (InputStream stream = ReportWriter.class.getResourceAsStream("report.css")) {
      if (stream == null) {
        throw new IllegalStateException("report.css is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
