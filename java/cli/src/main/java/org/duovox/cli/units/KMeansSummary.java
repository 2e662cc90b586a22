package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.io.Hashes;
import org.duovox.report.Wording;
import org.duovox.units.Codebook;
import org.duovox.units.StagedCentroids;
import org.duovox.units.UnitDiagnostics;
import org.duovox.units.kmeans.FitRequest;
import org.duovox.units.kmeans.KMeansFit;
import org.duovox.units.kmeans.StagedFit;
import org.duovox.units.kmeans.UnitQuantizer;

/// The result of `duovox kmeans`: the codebook that was fitted or reused.
///
/// @param stages levels or groups; 1 for plain k-means
/// @param clusters of each stage
/// @param sha256 of the centroids; of the file where there are several stages
/// @param passes full passes; null for a reused fit in stages, whose file does not say
/// @param reused whether the codebook existed already
/// @param diagnostics of some of the utterances that it was fitted on; null when it was reused
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
  /// Returns the summary of a plain fit.
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

  /// Returns the summary of a residual or product fit.
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

  /// Returns the summary of a codebook that existed already, as far as its file says.
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
        Wording.format(
            "%s %s: %s codes of %d values, sha256 %.12s",
            Wording.wroteOrReused(reused), out, codes, width, sha256));
    if (reused) {
      return;
    }
    writer.println(
        Wording.format(
            "fitted on %,d frames in %s: %d full passes, mean squared distance %.6g",
            frames, Wording.duration(seconds), passes, meanSquaredDistance));
    QuantizeCommand.printDiagnostics(diagnostics, writer);
  }
}
