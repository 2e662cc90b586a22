package org.duovox.cli.speech;

import java.io.PrintWriter;
import java.util.stream.Collectors;
import org.duovox.report.Text;
import org.duovox.units.UnitDiagnostics;

/// The diagnostics of units as lines for people.
final class DiagnosticsText {
  private DiagnosticsText() {}

  static void print(UnitDiagnostics units, PrintWriter writer) {
    writer.println("units: " + units.use().describe());
    writer.println(
        Text.of(
            "runs: mean %.2f frames, median %s, 90 %% at most %d, longest %d",
            units.runs().mean(),
            Text.of("%.1f", units.runs().median()),
            units.runs().percentile90(),
            units.runs().longest()));
    writer.println(
        "run lengths: "
            + units.runs().histogram().entrySet().stream()
                .map(bucket ->
                    Text.of(
                        "%s: %s",
                        bucket.getKey(),
                        Text.percent((double) bucket.getValue() / units.runs().count())))
                .collect(Collectors.joining(", ")));
  }
}
