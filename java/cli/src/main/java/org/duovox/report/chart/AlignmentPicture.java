package org.duovox.report.chart;

import java.util.List;

/// One utterance of an alignment, ready to draw: contextual tokens, phonetic frames, and which
/// frame belongs to which token.
///
/// @param utteranceId its name
/// @param contextual what the upper row shows, e.g. "embedding, 80 ms"
/// @param phonetic what the lower row shows
/// @param note how they were aligned, in a line
/// @param tokens contextual tokens in order of time, without gaps
/// @param frames phonetic frames in order of time
public record AlignmentPicture(
    String utteranceId,
    String contextual,
    String phonetic,
    String note,
    List<Token> tokens,
    List<Frame> frames) {

  /// A contextual token.
  ///
  /// @param start in seconds
  /// @param end in seconds
  /// @param unit its code
  /// @param frames contextual frames that were merged into it
  public record Token(double start, double end, int unit, int frames) {}

  /// A phonetic frame, or a merged phonetic unit where frames are no longer known.
  ///
  /// @param start in seconds, where the frame lies in the audio
  /// @param end in seconds
  /// @param unit its code
  /// @param token the token it belongs to
  /// @param assignedAt the time by which it was assigned, in seconds: its centre, shifted if asked
  /// @param edge whether it is an ordinary frame
  public record Frame(
      double start, double end, int unit, int token, double assignedAt, Edge edge) {}

  /// What is special about a frame at the edges.
  public enum Edge {
    NONE,
    /// It lies outside of the contextual spans and went to the nearest one.
    OUTSIDE,
    /// It repeats the first or last frame.
    REPEATED
  }

  public AlignmentPicture {
    tokens = List.copyOf(tokens);
    frames = List.copyOf(frames);
    if (tokens.isEmpty() || frames.isEmpty()) {
      throw new IllegalArgumentException("nothing to draw");
    }
  }

  /// The earliest time of anything shown.
  double start() {
    return Math.min(tokens.getFirst().start(), frames.getFirst().start());
  }

  /// The latest time of anything shown.
  double end() {
    return Math.max(tokens.getLast().end(), frames.getLast().end());
  }
}
