package org.duovox.cli;

import java.io.PrintWriter;
import java.util.List;
import org.duovox.units.UnitDiagnostics;

/// What `duovox kmeans` has fitted.
///
/// @param stages levels or groups; 1 for plain k-means
/// @param clusters of each stage
/// @param sha256 of the centroids; of the file where there are several stages
/// @param diagnostics of some of the utterances that it was fitted on
record KMeansSummary(
    String out,
    int stages,
    int clusters,
    int width,
    long frames,
    int passes,
    double meanSquaredDistance,
    double seconds,
    String sha256,
    UnitDiagnostics diagnostics,
    List<String> warnings)
    implements Summary {
  @Override
  public void print(PrintWriter writer) {
    String codes = stages == 1 ? Integer.toString(clusters) : stages + " x " + clusters;
    writer.println(
        Text.of("wrote %s: %s codes of %d values, sha256 %.12s", out, codes, width, sha256));
    writer.println(
        Text.of(
            "fitted on %,d frames in %s: %d full passes, mean squared distance %.6g",
            frames, Text.duration(seconds), passes, meanSquaredDistance));
    DiagnosticsText.print(diagnostics, writer);
  }
}
