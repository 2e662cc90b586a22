package org.duovox.report.page;

import java.util.List;
import java.util.Map;
import org.duovox.report.chart.CurveChart;

/// Everything that the page of one or several trainings shows; sections without data are left out.
///
/// @param title of the page
/// @param subtitle one sentence below it; may be empty
/// @param runs the trainings, in the order of their colors
/// @param charts curves over all of them
/// @param notes warnings and remarks, one sentence each
public record TrainingReport(
    String title, String subtitle, List<Run> runs, List<CurveChart> charts, List<String> notes) {

  /// One training.
  ///
  /// @param name that tells it from the others
  /// @param facts short figures by name, in order
  /// @param settings values by dotted key, in order
  /// @param environment versions and the machine, in order
  /// @param checkpoints names with remarks, newest first
  public record Run(
      String name,
      Map<String, String> facts,
      Map<String, String> settings,
      Map<String, String> environment,
      List<Checkpoint> checkpoints) {
    public Run {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  /// A saved state of a training.
  public record Checkpoint(String name, long step, String remark) {}

  public TrainingReport {
    runs = List.copyOf(runs);
    charts = List.copyOf(charts);
    notes = List.copyOf(notes);
  }
}
