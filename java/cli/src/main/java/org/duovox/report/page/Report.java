package org.duovox.report.page;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duovox.recipe.Results.Row;
import org.duovox.report.chart.AlignmentStrip;
import org.duovox.report.chart.ConfusionView;
import org.duovox.report.chart.LossCurve;
import org.duovox.report.chart.UnitHistogram;

/// Everything that a report shows; sections without data are left out of the page.
///
/// @param title the name of the run
/// @param subtitle one sentence below it; may be empty
/// @param results rows of `results.json`
/// @param curves training losses
/// @param codebooks how often the units of each codebook are used
/// @param strip one utterance with its units over time; may be null
/// @param confusions confusion matrices
/// @param resolvedRecipeYaml the recipe with every default filled in; may be empty
/// @param versions component to version
/// @param notes warnings and remarks, one sentence each
/// @param stages how long each stage took
public record Report(
    String title,
    String subtitle,
    List<Row> results,
    List<LossCurve> curves,
    List<UnitHistogram> codebooks,
    AlignmentStrip strip,
    List<ConfusionView> confusions,
    String resolvedRecipeYaml,
    SortedMap<String, String> versions,
    List<String> notes,
    List<StageTime> stages) {

  public Report {
    results = List.copyOf(results);
    curves = List.copyOf(curves);
    codebooks = List.copyOf(codebooks);
    confusions = List.copyOf(confusions);
    versions = new TreeMap<>(versions);
    notes = List.copyOf(notes);
    stages = List.copyOf(stages);
  }
}
