package org.duovox.world.voice;

import java.util.ArrayList;
import java.util.List;
import org.duovox.audio.AudioLoader;
import org.duovox.world.voice.Spoken.Span;

/// The clauses of a text, between which a program makes pauses, and where they are in its audio.
public final class Clauses {
  private static final int FRAME = AudioLoader.SAMPLE_RATE / 100;
  private static final double FRAME_SECONDS = (double) FRAME / AudioLoader.SAMPLE_RATE;
  // Stops close the mouth for less, programs pause at a comma for longer.
  private static final int SHORTEST_PAUSE = 11;
  private static final float SILENT_SHARE = 0.01f;

  private Clauses() {}

  /// Returns whether a token stands alone between two pauses.
  public static boolean standsAlone(List<String> tokens, int token) {
    return endsClause(tokens, token) && (token == 0 || endsClause(tokens, token - 1));
  }

  private static boolean endsClause(List<String> tokens, int token) {
    return token == tokens.size() - 1 || ".,;:!?".indexOf(last(tokens.get(token))) >= 0;
  }

  private static char last(String token) {
    return token.charAt(token.length() - 1);
  }

  /// Puts together what was spoken by a program that does not tell its times: tokens that stand
  /// alone get the time between two silences, when there are as many silences as pauses are
  /// expected.
  static Spoken timed(float[] samples, List<String> tokens) {
    List<Span> loud = loud(samples);
    long clauses = 0;
    for (int i = 0; i < tokens.size(); i++) {
      clauses += endsClause(tokens, i) ? 1 : 0;
    }
    boolean agree = loud.size() == clauses;
    List<Span> times = new ArrayList<>();
    int clause = 0;
    for (int i = 0; i < tokens.size(); i++) {
      times.add(agree && standsAlone(tokens, i) ? loud.get(clause) : Span.UNKNOWN);
      clause += endsClause(tokens, i) ? 1 : 0;
    }
    return new Spoken(samples, times, between(loud));
  }

  static List<Span> between(List<Span> spans) {
    List<Span> gaps = new ArrayList<>();
    for (int i = 1; i < spans.size(); i++) {
      gaps.add(new Span(spans.get(i - 1).end(), spans.get(i).start()));
    }
    return gaps;
  }

  /// Returns the stretches between silences, to 10 ms.
  static List<Span> loud(float[] samples) {
    int frames = (samples.length + FRAME - 1) / FRAME;
    float[] peaks = new float[frames];
    float highest = 0;
    for (int i = 0; i < samples.length; i++) {
      float level = Math.abs(samples[i]);
      peaks[i / FRAME] = Math.max(peaks[i / FRAME], level);
      highest = Math.max(highest, level);
    }
    List<Span> spans = new ArrayList<>();
    int start = -1;
    int end = 0;
    for (int frame = 0; frame < frames; frame++) {
      if (peaks[frame] <= highest * SILENT_SHARE) {
        continue;
      }
      if (start >= 0 && frame - end >= SHORTEST_PAUSE) {
        spans.add(span(start, end));
        start = -1;
      }
      start = start < 0 ? frame : start;
      end = frame + 1;
    }
    if (start >= 0) {
      spans.add(span(start, end));
    }
    return spans;
  }

  private static Span span(int fromFrame, int toFrame) {
    return new Span(fromFrame * FRAME_SECONDS, toFrame * FRAME_SECONDS);
  }
}
