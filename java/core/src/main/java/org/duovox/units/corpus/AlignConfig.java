package org.duovox.units.corpus;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.duovox.DuovoxException;

/// Settings of the alignment that makes a corpus of two unit sets.
///
/// The last four components are missing in corpora that an earlier version wrote; they then have
/// their defaults.
///
/// @param mergeContextual equal neighbors in the contextual stream become one token with a
///   duration; true
/// @param mergePhonetic equal neighbors within one token's phonetic units become one; true
/// @param skipUnmatched skip and name utterances that only one set has, instead of refusing them;
///   false
/// @param edges how phonetic frames find their contextual frame; by time
/// @param shiftMs milliseconds by which the phonetic stream is moved later, for ablations; 0
/// @param jitterMs the phonetic stream of every utterance is moved as a whole by an amount drawn
///   uniformly from [-jitter, jitter] milliseconds; 0
/// @param seed of the jitter, which depends on the seed and the utterance's id alone; 0
public record AlignConfig(
    boolean mergeContextual,
    boolean mergePhonetic,
    boolean skipUnmatched,
    Edges edges,
    Double shiftMs,
    Double jitterMs,
    Long seed) {
  // A minute is far beyond any ablation and far within 64-bit picoseconds.
  private static final double LONGEST_MS = 60_000;

  /// How phonetic frames find their contextual frame.
  public enum Edges {
    /// By the time of their centers: any pair of intervals and offsets ([Alignment]).
    @JsonProperty("time")
    TIME,
    /// By counting, as the first author's prototype does: whole ratios only ([PrototypeEdges]).
    @JsonProperty("prototype")
    PROTOTYPE
  }

  public AlignConfig {
    edges = edges == null ? Edges.TIME : edges;
    shiftMs = shiftMs == null ? 0 : shiftMs;
    jitterMs = jitterMs == null ? 0 : jitterMs;
    seed = seed == null ? 0 : seed;
    if (!(Math.abs(shiftMs) <= LONGEST_MS) || !(jitterMs >= 0 && jitterMs <= LONGEST_MS)) {
      throw DuovoxException.config(
          ("align: shift_ms must be within a minute and jitter_ms from 0 to a minute, but they are"
                  + " %s and %s")
              .formatted(shiftMs, jitterMs));
    }
    if (edges == Edges.PROTOTYPE && (shiftMs != 0 || jitterMs != 0)) {
      throw DuovoxException.config(
          "align: edges 'prototype' counts frames and knows no times; shift_ms and jitter_ms need"
              + " edges 'time'");
    }
  }

  /// Alignment by time without shift and jitter.
  public AlignConfig(boolean mergeContextual, boolean mergePhonetic, boolean skipUnmatched) {
    this(mergeContextual, mergePhonetic, skipUnmatched, Edges.TIME, 0.0, 0.0, 0L);
  }

  /// Both streams merged, as in the first author's prototype; unmatched utterances are refused.
  public static AlignConfig defaults() {
    return new AlignConfig(true, true, false);
  }
}
