package org.duovox.world.voice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;

/// What a program has spoken: audio at 16 kHz, and when each token is said.
///
/// @param samples in [-1, 1]
/// @param tokens when each token is said; [Span#UNKNOWN] where nobody can tell
/// @param pauses inside the utterance, in order
public record Spoken(float[] samples, List<Span> tokens, List<Span> pauses) {
  private static final int RATE = AudioLoader.SAMPLE_RATE;

  /// A stretch of time in seconds.
  public record Span(double start, double end) {
    /// Of what is said at an unknown time.
    public static final Span UNKNOWN = new Span(Double.NaN, Double.NaN);

    public boolean isKnown() {
      return !Double.isNaN(start);
    }

    private Span scaled(double factor) {
      return new Span(start * factor, end * factor);
    }

    private Span later(double seconds) {
      return new Span(start + seconds, end + seconds);
    }
  }

  public Spoken {
    tokens = List.copyOf(tokens);
    pauses = List.copyOf(pauses);
  }

  /// Returns this as if it were played so many times faster: higher and shorter.
  Spoken faster(double factor) {
    if (factor == 1) {
      return this;
    }
    Audio played = new Audio(samples, (int) Math.round(RATE * factor));
    return new Spoken(
        played.resample(RATE).samples(),
        tokens.stream().map(span -> span.scaled(1 / factor)).toList(),
        pauses.stream().map(span -> span.scaled(1 / factor)).toList());
  }

  /// Returns this with silence added in the middle of every pause.
  public Spoken withLongerPauses(double seconds) {
    Spoken result = this;
    for (int i = 0; seconds > 0 && i < pauses.size(); i++) {
      Span pause = result.pauses().get(i);
      result = result.insert((pause.start() + pause.end()) / 2, seconds);
    }
    return result;
  }

  private Spoken insert(double at, double seconds) {
    int cut = (int) Math.round(at * RATE);
    int more = (int) Math.round(seconds * RATE);
    float[] longer = new float[samples.length + more];
    System.arraycopy(samples, 0, longer, 0, cut);
    System.arraycopy(samples, cut, longer, cut + more, samples.length - cut);
    double added = (double) more / RATE;
    return new Spoken(longer, after(tokens, at, added), after(pauses, at, added));
  }

  private static List<Span> after(List<Span> spans, double at, double added) {
    List<Span> moved = new ArrayList<>();
    for (Span span : spans) {
      boolean around = span.start() < at && span.end() > at;
      moved.add(
          around
              ? new Span(span.start(), span.end() + added)
              : span.start() >= at ? span.later(added) : span);
    }
    return moved;
  }

  /// Returns the samples of a token alone.
  public float[] cut(int token) {
    Span span = tokens.get(token);
    int from = Math.clamp(Math.round(span.start() * RATE), 0, samples.length);
    int to = Math.clamp(Math.round(span.end() * RATE), from, samples.length);
    return Arrays.copyOfRange(samples, from, to);
  }
}
