package org.duovox.report.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.duovox.report.chart.Markup;

/// One HTML file of sections that needs nothing else: no scripts, no fonts, no pictures from
/// elsewhere.
///
/// The page forbids loading anything through its content security policy, and all text is escaped,
/// so that ids and labels from a data set cannot do harm.
final class HtmlPage {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private record Section(String title, Consumer<Markup> body) {
    String id() {
      return title.toLowerCase(Locale.ROOT);
    }
  }

  private final String title;
  private final String subtitle;
  private final List<Section> sections = new ArrayList<>();

  /// @param subtitle one sentence below the title; may be empty
  HtmlPage(String title, String subtitle) {
    this.title = title;
    this.subtitle = subtitle;
  }

  /// Adds a section at the end.
  HtmlPage add(String title, Consumer<Markup> body) {
    sections.add(new Section(title, body));
    return this;
  }

  /// Adds a section unless there is nothing to show in it.
  HtmlPage addUnless(boolean empty, String title, Consumer<Markup> body) {
    return empty ? this : add(title, body);
  }

  /// Returns the page as text.
  String html() {
    Markup out = new Markup();
    out.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").newLine();
    head(out);
    out.open("body").newLine();
    header(out);
    out.open("main").newLine();
    sections.forEach(section -> section(out, section));
    out.close().newLine().open("footer").text("Written by Duovox.").close().newLine();
    return out.close().newLine().close().newLine().toString();
  }

  private void head(Markup out) {
    out.open("head").empty("meta", "charset", "utf-8");
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.empty("meta", "name", "color-scheme", "content", "light dark");
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    out.leaf("title", title + " \u00B7 Duovox");
    out.open("style").verbatim(styleSheet()).close().close().newLine();
  }

  private void header(Markup out) {
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

  private static void section(Markup out, Section section) {
    out.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
    out.leaf("h2", section.title(), "id", section.id() + "-title").newLine();
    section.body().accept(out);
    out.close().newLine();
  }

  private static String styleSheet() {
    try (InputStream stream = HtmlPage.class.getResourceAsStream("report.css")) {
      if (stream == null) {
        throw new IllegalStateException("report.css is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
