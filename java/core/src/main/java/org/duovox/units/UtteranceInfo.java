package org.duovox.units;

import java.util.Map;
import java.util.TreeMap;

/// An utterance of a stream: its id, its length and the fields of the manifest.
///
/// @param id unique within its set
/// @param frames frames of the stream
/// @param samples length of the audio at 16 kHz, the same in every stream of the same audio; 0 with
///   frames above 0 means unknown
/// @param fields further fields of the manifest, such as speaker or intent
/// @param audioSha256 identity of the audio ([org.duovox.speech.features.FeatureEntry]); "" when
///   unknown
public record UtteranceInfo(
    String id, int frames, long samples, Map<String, String> fields, String audioSha256) {
  /// Samples per second of `samples`.
  public static final int SAMPLE_RATE = 16_000;

  public UtteranceInfo {
    fields = java.util.Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /// An utterance of audio of unknown identity.
  public UtteranceInfo(String id, int frames, long samples, Map<String, String> fields) {
    this(id, frames, samples, fields, "");
  }
}
