package org.duovox.report.page;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.duovox.recipe.Results.Row;
import org.duovox.report.chart.ConfusionChart;
import org.duovox.report.chart.LossChart;
import org.duovox.report.chart.StripChart;
import org.duovox.report.chart.UnitHistogram;

/// Everything that the page of a recipe's run shows; sections without data are left out.
///
/// @param title the name of the run
/// @param subtitle one sentence below it; may be empty
/// @param results rows of `results.json`
/// @param curves training losses
/// @param codebooks how often the units of each codebook are used
/// @param strip one utterance with its units over time; may be null
/// @param confusions confusion matrices
/// @param confused classes that are taken for each other most
/// @param words maps and nearest words of words that were evaluated
/// @param resolvedRecipeYaml the recipe with every default filled in; may be empty
/// @param versions component to version
/// @param notes warnings and remarks, one sentence each
/// @param stages how long each stage took
/// @param data every table, as written beside the page
public record Report(
    String title,
    String subtitle,
    List<Row> results,
    List<LossChart> curves,
    List<UnitHistogram> codebooks,
    StripChart strip,
    List<ConfusionChart> confusions,
    DataTable confused,
    WordsSection words,
    String resolvedRecipeYaml,
    SortedMap<String, String> versions,
    List<String> notes,
    List<StageTime> stages,
    List<DataTable> data) {

  /// How long a stage took.
  ///
  /// @param name of the stage
  /// @param seconds of wall time
  /// @param reused whether its finished result of an earlier run was taken
  public record StageTime(String name, double seconds, boolean reused) {}

  public Report {
    results = List.copyOf(results);
    curves = List.copyOf(curves);
    codebooks = List.copyOf(codebooks);
    confusions = List.copyOf(confusions);
    versions = new TreeMap<>(versions);
    notes = List.copyOf(notes);
    stages = List.copyOf(stages);
    data = List.copyOf(data);
  }
}
