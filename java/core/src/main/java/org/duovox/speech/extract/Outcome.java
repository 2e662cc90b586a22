package org.duovox.speech.extract;

import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Frames;

/// The state of an utterance on its way from a file to what is kept of it.
///
/// @param <P> what is kept of a piece
sealed interface Outcome<P> {
  /// Its audio.
  @SuppressWarnings("ArrayRecordComponent") // Never compared; copies would cost memory.
  record Loaded<P>(float[] samples) implements Outcome<P> {}

  /// Done.
  record Encoded<P>(AudioIdentity audio, P piece) implements Outcome<P> {}

  /// Longer than a segment: to be read again, piece by piece.
  record TooLong<P>() implements Outcome<P> {}

  /// Not to be used, for the reason given.
  record Unusable<P>(String reason) implements Outcome<P> {}

  /// The outcome of an utterance that failed.
  ///
  /// @throws DuovoxException the failure itself, when it is not about one utterance
  static <P> Outcome<P> unusable(DuovoxException e) {
    return new Unusable<>(reasonOrRethrow(e));
  }

  /// What is wrong with one utterance, in words.
  ///
  /// @throws DuovoxException the failure itself, when it is about more than one utterance (no
  ///   decoder, no disk) and ends the run
  static String reasonOrRethrow(DuovoxException e) {
    if (!concernsOneUtterance(e)) {
      throw e;
    }
    return e.getMessage();
  }

  /// Whether a failure is about one utterance, while the others may be right.
  static boolean concernsOneUtterance(DuovoxException e) {
    return e.kind() == Kind.BAD_DATA || e.kind() == Kind.MISSING_INPUT;
  }

  /// Returns what is wrong when a frame is not finite, and "" when all are finite.
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
