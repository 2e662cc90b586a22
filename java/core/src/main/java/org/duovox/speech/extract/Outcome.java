package org.duovox.speech.extract;

import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.AudioSum;
import org.duovox.speech.Frames;

/// Where an utterance stands on its way from a file to what is kept of it.
///
/// @param <P> what is kept of a piece
sealed interface Outcome<P> {
  /// Its audio.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; copies would cost memory.
  record Loaded<P>(float[] samples) implements Outcome<P> {}

  /// Done.
  record Encoded<P>(AudioSum audio, P piece) implements Outcome<P> {}

  /// Longer than a segment: to be read again, piece by piece.
  record TooLong<P>() implements Outcome<P> {}

  /// Not to be used, for the reason given.
  record Unusable<P>(String reason) implements Outcome<P> {}

  /// What is wrong with one utterance; anything else (no decoder, no disk) ends the run.
  static <P> Outcome<P> unusable(DuovoxException e) {
    return new Unusable<>(reason(e));
  }

  /// The same as text.
  static String reason(DuovoxException e) {
    if (!isOfOne(e)) {
      throw e;
    }
    return e.getMessage();
  }

  /// Whether one utterance is wrong, and the others may be right.
  static boolean isOfOne(DuovoxException e) {
    return e.kind() == Kind.BAD_DATA || e.kind() == Kind.MISSING_INPUT;
  }

  /// What is wrong with frames; empty: nothing.
  static String notFinite(Map<String, Frames> frames, Set<String> layers, long firstFrame) {
    for (String layer : layers) {
      Frames of = frames.get(layer);
      int bad = of.firstNonFinite();
      if (bad >= 0) {
        return "frame %d of %s is not finite".formatted(firstFrame + bad / of.width(), layer);
      }
    }
    return "";
  }
}
