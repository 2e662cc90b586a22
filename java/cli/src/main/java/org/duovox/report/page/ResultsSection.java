package org.duovox.report.page;

import java.util.Comparator;
import java.util.List;
import org.duovox.recipe.Results.Row;
import org.duovox.report.Wording;
import org.duovox.report.chart.Markup;
import org.duovox.report.chart.ResultGroup;
import org.duovox.report.chart.Systems;
import org.duovox.report.chart.WhiskerChart;

/// Writes the results: one table over all tasks, a comparison of the systems for each, the folds
/// below in a fold-out.
final class ResultsSection {
  private ResultsSection() {}

  static void write(Markup out, List<Row> rows) {
    List<ResultGroup> groups = ResultGroup.of(rows);
    List<String> systems =
        groups.stream()
            .flatMap(group -> group.systems().stream())
            .distinct()
            .sorted(Comparator.comparingInt(Systems::order))
            .toList();
    out.leaf("p", "Value and 95 % interval; the best value of a row is bold.", "class", "quiet");
    table(out, groups, systems);
    out.open("div", "class", "grid-2");
    for (ResultGroup group : groups.stream().filter(ResultGroup::isDefined).toList()) {
      out.open("figure");
      new WhiskerChart(group).writeTo(out);
      String dots = group.folds().isEmpty() ? "" : "; small dots are folds";
      out.leaf("figcaption", group.title() + dots).close().newLine();
    }
    out.close();
    groups.stream().filter(group -> !group.folds().isEmpty()).forEach(group -> folds(out, group));
  }

  private static void table(Markup out, List<ResultGroup> groups, List<String> systems) {
    Sections.openScroller(out, "Table of results");
    out.open("table", "class", "results");
    out.open("thead").open("tr");
    out.leaf("th", "Evaluation", "scope", "col");
    headers(out, systems);
    out.leaf("th", "n", "scope", "col", "class", "number").close().close().open("tbody").newLine();
    for (ResultGroup group : groups) {
      String kind = group.task() + ", " + group.metric() + ", " + group.split();
      out.open("tr").open("th", "scope", "row").leaf("span", group.dataset(), "class", "dataset");
      out.leaf("span", kind, "class", "quiet block").close();
      for (String system : systems) {
        cell(out, group, group.main(system), true);
      }
      long n = group.mains().stream().mapToLong(Row::n).max().orElse(0);
      out.leaf("td", Wording.grouped(n), "class", "number").close().newLine();
    }
    out.close().close().close().newLine();
  }

  private static void folds(Markup out, ResultGroup group) {
    out.open("details").open("summary").text(group.title() + " ");
    out.leaf("span", group.splits().size() + " folds", "class", "quiet").close();
    Sections.openScroller(out, "Folds of " + group.title());
    out.open("table", "class", "results").open("thead").open("tr");
    out.leaf("th", "Split", "scope", "col");
    headers(out, group.systems());
    out.leaf("th", "n", "scope", "col", "class", "number");
    out.leaf("th", "Seed", "scope", "col", "class", "number")
        .close()
        .close()
        .open("tbody")
        .newLine();
    for (String split : group.splits()) {
      Row any =
          group.folds().stream().filter(row -> row.split().equals(split)).findFirst().orElseThrow();
      out.open("tr").leaf("th", split, "scope", "row");
      group.systems().forEach(system -> cell(out, group, group.fold(split, system), false));
      out.leaf("td", Wording.grouped(any.n()), "class", "number");
      out.leaf("td", Long.toString(any.seed()), "class", "number").close().newLine();
    }
    out.close().close().close().close().newLine();
  }

  private static void headers(Markup out, List<String> systems) {
    for (String system : systems) {
      out.open("th", "scope", "col", "class", "number");
      out.leaf("span", "", "class", "key " + Systems.style(system), "aria-hidden", "true");
      out.text(system).close();
    }
  }

  private static void cell(Markup out, ResultGroup group, Row row, boolean main) {
    out.open("td", "class", "number");
    if (row == null) {
      out.leaf("span", Wording.fixed(Double.NaN, 0), "class", "quiet");
    } else {
      out.leaf(main && group.isBest(row) ? "strong" : "span", group.value(row));
      out.leaf("span", group.interval(row), "class", "interval");
    }
    out.close();
  }
}
