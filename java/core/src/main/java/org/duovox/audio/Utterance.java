package org.duovox.audio;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;

/// One entry of a manifest.
///
/// @param id unique within the manifest; `/`-separated segments that are safe as names of files and
///   tensors
/// @param audio the audio file, which may be missing: that is told when it is loaded
/// @param samples the length that the manifest states, at the file's own rate
/// @param fields whatever else the manifest says about it, by key
public record Utterance(String id, Path audio, OptionalLong samples, Map<String, String> fields) {
  /// The field of a copy of an utterance that names the one it was made from: both are one
  /// recording.
  public static final String COPY_OF = "shifted_from";

  public Utterance {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(samples, "samples");
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }
}
