package org.duovox.report.chart;

import java.util.List;

/// One utterance over time: its waveform and both unit streams.
///
/// @param utteranceId its name
/// @param waveformEnvelope lowest and highest sample of equal slices of time, in pairs: min, max,
///   min, max, ..., in [-1, 1]
/// @param seconds its duration
/// @param contextual contextual units, in order
/// @param phonetic phonetic units, in order
public record AlignmentStrip(
    String utteranceId,
    float[] waveformEnvelope,
    double seconds,
    List<Segment> contextual,
    List<Segment> phonetic) {

  /// A stretch of one unit.
  ///
  /// @param start in seconds
  /// @param end in seconds
  /// @param unit its id
  public record Segment(double start, double end, int unit) {}

  public AlignmentStrip {
    contextual = List.copyOf(contextual);
    phonetic = List.copyOf(phonetic);
  }
}
