package org.duovox.units;

import java.util.Map;
import java.util.TreeMap;

/// One utterance of a stream.
///
/// @param id unique within its set
/// @param frames frames of the stream
/// @param samples length of the audio in samples at 16 kHz; the same in every stream of the same
///   audio; 0 with frames above 0: unknown
/// @param fields what the manifest says about it, such as speaker or intent
/// @param audioSha256 identity of the audio ([org.duovox.speech.features.FeatureEntry]); "" when
///   unknown
public record UtteranceInfo(
    String id, int frames, long samples, Map<String, String> fields, String audioSha256) {
  /// Samples per second of `samples`.
  public static final int SAMPLE_RATE = 16_000;

  public UtteranceInfo {
    fields = java.util.Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /// An utterance of audio whose sum is not known.
  public UtteranceInfo(String id, int frames, long samples, Map<String, String> fields) {
    this(id, frames, samples, fields, "");
  }
}
