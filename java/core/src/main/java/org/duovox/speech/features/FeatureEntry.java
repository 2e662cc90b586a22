package org.duovox.speech.features;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;

/// One utterance of a feature set: a line of `index.jsonl`.
///
/// @param id unique within the set
/// @param shard file that holds its tensors
/// @param samples length of the audio at 16 kHz
/// @param frames number of frames by layer
/// @param fields what the manifest of the audio says about it (speaker, intent, ...)
/// @param audioSha256 sum of the decoded mono samples at 16 kHz as little-endian float32; "" when
///   unknown (imported, or a set of an earlier version)
public record FeatureEntry(
    String id,
    String shard,
    long samples,
    Map<String, Integer> frames,
    Map<String, String> fields,
    String audioSha256) {
  public static final String FILE = "index.jsonl";

  public FeatureEntry {
    if (id == null || id.isEmpty() || shard == null || frames == null || samples < 0) {
      throw DuovoxException.badData("an entry needs id, shard, samples and frames");
    }
    frames = Collections.unmodifiableMap(new TreeMap<>(frames));
    audioSha256 = audioSha256 == null ? "" : audioSha256;
    fields = fields == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(fields));
  }
}
