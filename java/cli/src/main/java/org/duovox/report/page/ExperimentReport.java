package org.duovox.report.page;

import java.util.List;
import java.util.Map;
import org.duovox.report.chart.BandChart;
import org.duovox.report.chart.ForestChart;
import org.duovox.report.chart.UnitHistogram;
import org.duovox.report.chart.WhiskerChart;

/// Everything that the page of an experiment shows; sections without data are left out.
///
/// @param title of the experiment
/// @param question that it answers; may be empty
/// @param answer in a sentence
/// @param facts short figures by name, in order
/// @param findings the answers of the single comparisons
/// @param charts drawings
/// @param tables what stands on the page as tables
/// @param words maps and nearest words
/// @param notes warnings and remarks, one sentence each
/// @param data every table, as written beside the page
public record ExperimentReport(
    String title,
    String question,
    String answer,
    Map<String, String> facts,
    List<Answer> findings,
    Charts charts,
    Tables tables,
    WordsSection words,
    List<String> notes,
    List<DataTable> data) {

  /// The answer of one comparison.
  ///
  /// @param question may be empty
  public record Answer(String question, String sentence) {}

  /// The drawings.
  ///
  /// @param effects of the comparisons, by score
  /// @param scores of all arms, by score
  /// @param sweeps scores over ordered axes
  /// @param curves of trainings
  /// @param codebooks how often units are used
  public record Charts(
      List<ForestChart> effects,
      List<WhiskerChart> scores,
      List<BandChart> sweeps,
      List<BandChart> curves,
      List<UnitHistogram> codebooks) {
    public Charts {
      effects = List.copyOf(effects);
      scores = List.copyOf(scores);
      sweeps = List.copyOf(sweeps);
      curves = List.copyOf(curves);
      codebooks = List.copyOf(codebooks);
    }
  }

  /// The tables of the page.
  ///
  /// @param effects of the comparisons
  /// @param arms scores over seeds
  /// @param units statistics of the codebooks
  /// @param confused intents that are taken for each other most
  /// @param choices what layers and channels scored on dev
  /// @param cells all of them
  public record Tables(
      DataTable effects,
      DataTable arms,
      DataTable units,
      DataTable confused,
      DataTable choices,
      DataTable cells) {}

  public ExperimentReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
    data = List.copyOf(data);
  }
}
