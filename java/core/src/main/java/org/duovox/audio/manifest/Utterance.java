package org.duovox.audio.manifest;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.duovox.DuovoxException;

/// One entry of a manifest.
///
/// @param id unique within the manifest; `/`-separated segments that are safe as names of files and
///   tensors
/// @param audio the audio file, which may be missing: that is told when it is loaded
/// @param samples the length that the manifest states, at the file's own rate
/// @param fields whatever else the manifest says about it, by key
/// @param excerpt which part of the file it is
/// @param problem why it cannot be used, known before anything is read; "" when nothing is
public record Utterance(
    String id,
    Path audio,
    OptionalLong samples,
    Map<String, String> fields,
    Excerpt excerpt,
    String problem) {
  /// The field of a copy of an utterance that names the one it was made from: both are one
  /// recording.
  public static final String COPY_OF = "shifted_from";

  public Utterance {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(samples, "samples");
    Objects.requireNonNull(excerpt, "excerpt");
    Objects.requireNonNull(problem, "problem");
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /// All of a file.
  public Utterance(String id, Path audio, OptionalLong samples, Map<String, String> fields) {
    this(id, audio, samples, fields, Excerpt.WHOLE, "");
  }

  /// A file that stands in a manifest and cannot be used.
  static Utterance unusable(String id, Path audio, String problem) {
    return new Utterance(
        id, audio, OptionalLong.empty(), Map.of(), Excerpt.WHOLE, Objects.requireNonNull(problem));
  }

  /// The same audio with another id and other fields.
  public Utterance with(String newId, Map<String, String> newFields) {
    return new Utterance(newId, audio, samples, newFields, excerpt, problem);
  }

  /// Refuses one that is known to be unusable.
  public void requireUsable() {
    if (!problem.isEmpty()) {
      throw DuovoxException.badData(problem);
    }
  }
}
