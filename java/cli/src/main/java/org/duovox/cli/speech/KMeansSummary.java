package org.duovox.cli.speech;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.cli.console.Summary;
import org.duovox.io.Hashes;
import org.duovox.report.Text;
import org.duovox.units.Codebook;
import org.duovox.units.StagedCentroids;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.kmeans.FitRequest;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.kmeans.StagedFit;
import org.duovox.units.kmeans.UnitQuantizer;

/// What `duovox kmeans` has fitted.
///
/// @param stages levels or groups; 1 for plain k-means
/// @param clusters of each stage
/// @param sha256 of the centroids; of the file where there are several stages
/// @param passes full passes; null when the file of a fit in stages does not tell
/// @param reused whether the codebook was there already
/// @param diagnostics of some of the utterances that it was fitted on; null when it was there
record KMeansSummary(
    String out,
    int stages,
    int clusters,
    int width,
    long frames,
    Integer passes,
    double meanSquaredDistance,
    double seconds,
    String sha256,
    boolean reused,
    UnitDiagnostics diagnostics,
    List<String> warnings)
    implements Summary {
  static KMeansSummary of(Path out, KMeansFit.Result fit, double seconds) {
    Codebook codebook = fit.codebook();
    return new KMeansSummary(
        out.toString(),
        1,
        codebook.clusters(),
        codebook.width(),
        fit.rows(),
        fit.passes(),
        fit.meanSquaredDistance(),
        seconds,
        codebook.sha256(),
        false,
        fit.diagnostics(),
        fit.warnings());
  }

  static KMeansSummary of(Path out, StagedFit.Result fit, double seconds) {
    return new KMeansSummary(
        out.toString(),
        fit.centroids().stages(),
        fit.centroids().clusters(),
        fit.centroids().width(),
        fit.rows(),
        fit.passes(),
        fit.meanSquaredDistance(),
        seconds,
        Hashes.sha256(out),
        false,
        fit.diagnostics(),
        fit.warnings());
  }

  /// Of a codebook that was there already, as far as its file tells.
  static KMeansSummary reused(Path file, double seconds) {
    Map<String, String> fit = FitRequest.settings(file);
    long frames = Long.parseLong(fit.get("frames"));
    double distance = Double.parseDouble(fit.get("mean_squared_distance"));
    if (UnitQuantizer.read(file) instanceof UnitQuantizer.Staged staged) {
      StagedCentroids of = staged.stages();
      return new KMeansSummary(
          file.toString(),
          of.stages(),
          of.clusters(),
          of.width(),
          frames,
          null,
          distance,
          seconds,
          Hashes.sha256(file),
          true,
          null,
          List.of());
    }
    Codebook codebook = Codebook.read(file);
    return new KMeansSummary(
        file.toString(),
        1,
        codebook.clusters(),
        codebook.width(),
        frames,
        Integer.valueOf(fit.get("lloyd_passes")),
        distance,
        seconds,
        codebook.sha256(),
        true,
        null,
        List.of());
  }

  @Override
  public void print(PrintWriter writer) {
    String codes = stages == 1 ? Integer.toString(clusters) : stages + " x " + clusters;
    writer.println(
        Text.of(
            "%s %s: %s codes of %d values, sha256 %.12s",
            Text.wrote(reused), out, codes, width, sha256));
    if (reused) {
      return;
    }
    writer.println(
        Text.of(
            "fitted on %,d frames in %s: %d full passes, mean squared distance %.6g",
            frames, Text.duration(seconds), passes, meanSquaredDistance));
    DiagnosticsText.print(diagnostics, writer);
  }
}
