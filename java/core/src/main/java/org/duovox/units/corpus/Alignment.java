package org.duovox.units.corpus;

import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.units.StreamInfo;

/// The alignment of two streams by time: assigns the phonetic frames of an utterance to its
/// contextual frames.
///
/// A phonetic frame belongs to the contextual frame in whose span `[center - interval/2, center +
/// interval/2)` its own center lies; the span is half open, so a center on a border belongs to the
/// later frame. Phonetic frames before the first or after the last span belong to the first or last
/// contextual frame and are counted. Any pair of intervals and offsets is possible, ratios need not
/// be whole; times are whole picoseconds (see [StreamInfo]), so nothing is rounded on the way. A
/// shift moves the phonetic centers before they are looked up; the check that both streams are of
/// the same audio ignores it.
final class Alignment {
  /// Owners of the phonetic frames of one utterance.
  ///
  /// @param owner the contextual frame of each phonetic frame, never decreases
  /// @param before phonetic frames before the first span
  /// @param after phonetic frames after the last span
  record Owners(int[] owner, int before, int after) {}

  // Encoders lose at most about a frame at either edge (field facts 0.4); a larger gap means two
  // different files.
  private static final int ALLOWED_GAP_FRAMES = 2;
  private static final double PICOSECONDS_PER_MS = 1e9;

  private final long coarseInterval;
  private final long coarseOffset;
  private final long fineInterval;
  private final long fineOffset;

  /// An alignment of streams with these frame times; either may be the coarser one.
  Alignment(StreamInfo contextual, StreamInfo phonetic) {
    coarseInterval = contextual.interval();
    coarseOffset = contextual.offset();
    fineInterval = phonetic.interval();
    fineOffset = phonetic.offset();
  }

  /// Returns the owners of all phonetic frames.
  ///
  /// @param id of the utterance, for messages
  /// @throws DuovoxException (BAD_DATA) when one stream begins or ends more than two frames of the
  ///   coarser stream before the other
  Owners align(String id, int contextualFrames, int phoneticFrames) {
    return align(id, contextualFrames, phoneticFrames, 0);
  }

  /// Returns the owners when the centers of all phonetic frames are moved later by `shift`
  /// picoseconds.
  Owners align(String id, int contextualFrames, int phoneticFrames, long shift) {
    requireSameExtent(id, contextualFrames, phoneticFrames);
    int[] owner = new int[phoneticFrames];
    int before = 0;
    int after = 0;
    for (int k = 0; k < phoneticFrames; k++) {
      long frame = frameAt(fineOffset + shift + k * fineInterval);
      before += frame < 0 ? 1 : 0;
      after += frame >= contextualFrames ? 1 : 0;
      owner[k] = Math.clamp(frame, 0, contextualFrames - 1);
    }
    return new Owners(owner, before, after);
  }

  /// Returns the phonetic frame whose center is nearest to the middle of a run of contextual
  /// frames; the earlier of two at the same distance.
  int nearest(int firstFrame, int lastFrame, int phoneticFrames, long shift) {
    long twiceMiddle = 2 * coarseOffset + ((long) firstFrame + lastFrame) * coarseInterval;
    long twiceDistance = twiceMiddle - 2 * (fineOffset + shift);
    long frame = Math.ceilDiv(twiceDistance - fineInterval, 2 * fineInterval);
    return Math.clamp(frame, 0, phoneticFrames - 1);
  }

  private long frameAt(long time) {
    return Math.floorDiv(2 * (time - coarseOffset) + coarseInterval, 2 * coarseInterval);
  }

  // All times are doubled, so that half an interval is a whole number.
  private void requireSameExtent(String id, int contextualFrames, int phoneticFrames) {
    if (contextualFrames == 0 || phoneticFrames == 0) {
      throw DuovoxException.badData(
          "%s: has %d contextual and %d phonetic frames; nothing can be aligned"
              .formatted(id, contextualFrames, phoneticFrames));
    }
    long start = (2 * fineOffset - fineInterval) - (2 * coarseOffset - coarseInterval);
    long end =
        (2 * fineOffset + (2L * phoneticFrames - 1) * fineInterval)
            - (2 * coarseOffset + (2L * contextualFrames - 1) * coarseInterval);
    long allowed = 2 * ALLOWED_GAP_FRAMES * Math.max(coarseInterval, fineInterval);
    if (Math.abs(start) > allowed || Math.abs(end) > allowed) {
      throw DuovoxException.badData(
          String.format(
              Locale.ROOT,
              "%s: %d contextual and %d phonetic frames are not of the same audio: the streams %s"
                  + " %.1f ms apart, more than two frames of the coarser one",
              id,
              contextualFrames,
              phoneticFrames,
              Math.abs(end) > allowed ? "end" : "begin",
              Math.max(Math.abs(start), Math.abs(end)) / (2 * PICOSECONDS_PER_MS)));
    }
  }
}
