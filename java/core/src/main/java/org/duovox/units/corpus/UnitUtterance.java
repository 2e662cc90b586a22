package org.duovox.units.corpus;

import java.util.Map;
import java.util.Optional;
import org.duovox.audio.manifest.Utterance;

/// An utterance of a corpus: its units, without CLS and SEP, which batches add.
///
/// The arrays are the corpus's own and must not be changed. With T tokens and P phonetic units; a
/// single stream has P = 0 and empty `start` and `end`.
///
/// @param id unique within the corpus
/// @param contextual (T) codes of the merged tokens; of the single stream when there is only one
/// @param durations (T) frames that each token stands for
/// @param phonetic (P) phonetic codes, token by token
/// @param start (T) index of the token's first phonetic unit
/// @param end (T) index of its last one, inclusive
/// @param samples audio length in samples at 16 kHz
/// @param fields further fields of the manifest
/// @param audioSha256 identity of the audio; "" when unknown
/// @param features continuous features of the contextual tokens, where the corpus keeps them
@SuppressWarnings("ArrayRecordComponent") // Copies for every batch would cost more than the risk.
public record UnitUtterance(
    String id,
    int[] contextual,
    int[] durations,
    int[] phonetic,
    int[] start,
    int[] end,
    long samples,
    Map<String, String> fields,
    String audioSha256,
    Optional<TokenFeatures> features) {

  /// An utterance without features.
  public UnitUtterance(
      String id,
      int[] contextual,
      int[] durations,
      int[] phonetic,
      int[] start,
      int[] end,
      long samples,
      Map<String, String> fields,
      String audioSha256) {
    this(
        id,
        contextual,
        durations,
        phonetic,
        start,
        end,
        samples,
        fields,
        audioSha256,
        Optional.empty());
  }

  /// An utterance of audio of unknown identity.
  public UnitUtterance(
      String id,
      int[] contextual,
      int[] durations,
      int[] phonetic,
      int[] start,
      int[] end,
      long samples,
      Map<String, String> fields) {
    this(id, contextual, durations, phonetic, start, end, samples, fields, "");
  }

  /// Whether this is a copy of another utterance: the same recording with silence in front.
  public boolean isCopy() {
    return fields.containsKey(Utterance.COPY_OF);
  }

  /// Id of the utterance that this is a copy of, or its own.
  public String original() {
    return fields.getOrDefault(Utterance.COPY_OF, id);
  }

  /// The same with other fields.
  public UnitUtterance with(Map<String, String> others) {
    return new UnitUtterance(
        id, contextual, durations, phonetic, start, end, samples, others, audioSha256, features);
  }

  /// Number of tokens.
  public int tokens() {
    return contextual.length;
  }
}
