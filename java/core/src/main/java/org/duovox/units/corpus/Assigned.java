package org.duovox.units.corpus;

/// The phonetic frames of one utterance, each with the contextual frame it belongs to.
///
/// @param units (P) the phonetic units, edges repeated or cut where the rule of the prototype says
/// @param owner (P) the contextual frame of each; never falls
/// @param before frames before the first contextual span, which went to the first frame; with the
///   prototype's edges those repeated in front
/// @param after frames after the last contextual span, which went to the last frame; with the
///   prototype's edges those repeated at the end
/// @param cut frames left out at the end (prototype's edges only)
/// @param shift picoseconds that the phonetic centres were moved by
@SuppressWarnings("ArrayRecordComponent") // Lives for one utterance; copies would only cost time.
public record Assigned(int[] units, int[] owner, int before, int after, int cut, long shift) {}
