package org.duovox.speech;

import org.duovox.io.Hashes;

/// The identity of an utterance's audio: two sets made from different audio are never joined.
///
/// @param samples its length at 16 kHz
/// @param sha256 sum of the decoded mono samples at 16 kHz as little-endian float32; "" when
///   unknown
public record AudioIdentity(long samples, String sha256) {
  public static AudioIdentity of(float[] samples) {
    return new AudioIdentity(samples.length, Hashes.sha256(samples));
  }
}
