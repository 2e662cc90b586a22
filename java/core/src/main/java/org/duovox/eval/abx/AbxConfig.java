package org.duovox.eval.abx;

import org.duovox.DuovoxException;

/// How many items and speakers of an ABX evaluation are taken.
///
/// @param maxGroup most items of a phone by a speaker (in a context) that are taken, drawn at
///   random beyond
/// @param maxSpeakers most other speakers that X comes from, drawn at random beyond
/// @param seed of the draws
public record AbxConfig(int maxGroup, int maxSpeakers, long seed) {
  /// The seed of the reference.
  public static final long SEED = 3459;

  public AbxConfig {
    if (maxGroup < 2) {
      throw DuovoxException.usage("--max-group must be at least 2, but is " + maxGroup);
    }
    if (maxSpeakers < 1) {
      throw DuovoxException.usage("--max-speakers must be at least 1, but is " + maxSpeakers);
    }
  }

  /// All items and all speakers.
  public static AbxConfig all() {
    return new AbxConfig(Integer.MAX_VALUE, Integer.MAX_VALUE, SEED);
  }
}
