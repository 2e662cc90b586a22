package org.duovox.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.duovox.eval.Estimate;

/// A result as a page of Markdown.
final class Table {
  private static final String HEADER =
      """
      | contender | fastest, ms | median, ms | times Duovox's median (95 %) | GFLOP/s | of the limit | Java heap, bytes a step | by JMH's `gc` | peak memory, MiB | forks x steps |
      |---|---|---|---|---|---|---|---|---|---|
      """;

  private final StringBuilder text = new StringBuilder();

  private Table() {}

  static String of(Report report) {
    Table table = new Table();
    table.head(report);
    report.cases().forEach(table::section);
    table.proof(report);
    return table.text.toString();
  }

  private void head(Report report) {
    Provenance from = report.provenance();
    add("# Training step, %s%n%n", from.date());
    for (String objection : report.objections()) {
      add("**Not to be published: %s.**%n%n", objection);
    }
    add("%s, %d cores; commit %s; float32.%n", from.cpu(), from.cores(), from.commit());
    add("%s.%n", pairs(from.versions()));
    add("Environment: %s. JVM: %s.%n", pairs(from.environment()), String.join(" ", from.flags()));
    if (report.productLimit() != null) {
      add("Limit: %.0f GFLOP/s, a product of 2048 x 2048 matrices.%n", report.productLimit());
    }
    for (Side side : report.missing()) {
      add("Left out, since it did not run: %s.%n", side.label());
    }
  }

  private void section(CaseResult result) {
    add("%n## %s%n%nA step is %.4g GFLOP.%n%n", result.name(), result.gflop());
    text.append(HEADER);
    for (CaseResult.Row row : result.rows()) {
      add(
          "| %s | %.2f | %.2f | %s | %.1f | %s | %,.0f | %,.0f | %,.0f | %d x %d |%n",
          row.side().label(),
          row.fastest(),
          row.median(),
          row.side() == Side.DUOVOX ? "1" : times(row.times()),
          row.gflops(),
          row.share() == null ? "" : "%.0f %%".formatted(100 * row.share()),
          row.heapBytes(),
          row.gcBytes(),
          row.peakMebibytes(),
          row.forks(),
          row.steps() / row.forks());
    }
  }

  static String times(Estimate times) {
    return Double.isNaN(times.low())
        ? "%.2f".formatted(times.value())
        : "%.2f (%.2f to %.2f)".formatted(times.value(), times.low(), times.high());
  }

  private void proof(Report report) {
    add("%n## Equal math%n%nRelative differences of losses to Duovox's, without dropout.%n%n");
    add("| model and batch | contender | step 1 | last step | steps |%n|---|---|---|---|---|%n");
    for (Proof.Agreement found : report.proof()) {
      add(
          "| %s | %s | %.1e | %.1e | %d |%n",
          found.model(), found.side().label(), found.first(), found.last(), found.steps());
    }
  }

  private static String pairs(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
