package org.duovox.eval;

import java.util.function.Function;
import org.duovox.eval.SsimiData.Token;

/// Which mean is taken off the vectors of spoken words before they are compared: an extra of
/// Duovox, which the official evaluators do not have. A voice colors all of its words alike, so
/// that without it distances between them are small and differ little.
public enum Centering {
  /// None, as the official evaluators.
  NONE,
  /// The mean over all words of the same type and voice.
  VOICE,
  /// The mean over all words of the same type.
  TYPE;

  /// Returns the centering of this (lower-case) name.
  ///
  /// @throws org.duovox.DuovoxException of kind BAD_CONFIG with the nearest known name
  public static Centering of(String name) {
    return Choices.of(Centering.class, "centering", name);
  }

  /// Returns the name in configurations and results.
  public String label() {
    return Choices.label(this);
  }

  /// Returns what tells the groups apart, for people.
  Function<Token, String> group() {
    return this == VOICE ? token -> token.type() + " voice " + token.voice() : Token::type;
  }
}
