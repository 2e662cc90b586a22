package org.duovox.report.page;

import java.nio.file.Path;
import java.util.List;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.report.chart.Markup;

/// The numbers of a page as files in a folder beside it: each table as CSV and as JSON.
public final class ReportData {
  private static final String SUFFIX = "-data";

  private ReportData() {}

  /// Returns the folder beside a page: `report-data` of `report.html`.
  public static Path folder(Path page) {
    String name = page.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return page.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + SUFFIX);
  }

  /// Writes the tables that have rows, and takes files away that an earlier page left of the
  /// others.
  ///
  /// @throws org.duovox.DuovoxException of kind CANNOT_CREATE or IO
  public static void write(List<DataTable> tables, Path page) {
    for (DataTable table : tables) {
      write(folder(page).resolve(table.name() + ".csv"), table.isEmpty() ? null : table.csv());
      write(folder(page).resolve(table.name() + ".json"), table.isEmpty() ? null : table.json());
    }
  }

  private static void write(Path file, String text) {
    if (text == null) {
      AtomicFiles.discard(file);
    } else {
      AtomicFiles.write(file, text);
    }
  }

  /// Writes the section that names the files.
  static void section(Markup out, List<DataTable> tables) {
    out.leaf("p", "In the folder beside this page, each as CSV and as JSON.", "class", "quiet");
    out.open("ul", "class", "notes");
    for (DataTable table : tables) {
      if (!table.isEmpty()) {
        out.open("li").leaf("code", table.name()).text(": " + table.title()).close();
      }
    }
    out.close().newLine();
  }
}
