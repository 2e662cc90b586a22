package org.duovox.world;

import org.duovox.world.voice.Voice;

/// One file to speak.
///
/// @param file relative to the output
/// @param rate how much faster than usual
/// @param pitch how much higher than usual
/// @param noise seed of its background noise
/// @param cut the token that is cut out of the utterance; -1: all of it is kept
record Job(
    String file, Voice voice, Sentence sentence, double rate, double pitch, long noise, int cut) {
  static final int WHOLE = -1;
}
