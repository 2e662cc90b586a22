package org.duovox.units.corpus;

import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.units.StreamInfo;

/// Alignment by counting, as in the first author's prototype (WPBERT): r phonetic frames to every
/// contextual frame, r the whole ratio of the intervals.
///
/// The phonetic stream is forced to r x T frames: short by 1, the last frame is repeated; by 2, the
/// first and the last once each; by 3, the first once and the last twice; by 4, each twice; longer,
/// it is cut at the end. Any other gap rejects the utterance. The case of the prototype's second
/// pair (ResDAVEnet-VQ layers 3 and 2, r = 2, a missing tail frame repeated) is the row "by 1".
final class PrototypeEdges {
  private static final int LONGEST_GAP = 4;
  // By gap: how often the first and how often the last frame is repeated.
  private static final int[] FRONT = {0, 0, 1, 1, 2};
  private static final int[] END = {0, 1, 1, 2, 2};

  private final int ratio;

  /// @throws DuovoxException (BAD_DATA) when the contextual interval is no multiple of the phonetic
  ///   one
  PrototypeEdges(StreamInfo contextual, StreamInfo phonetic) {
    long coarse = contextual.interval();
    long fine = phonetic.interval();
    if (coarse % fine != 0 || coarse / fine > Integer.MAX_VALUE) {
      throw DuovoxException.badData(
          ("edges 'prototype' needs a contextual interval that is a multiple of the phonetic one,"
                  + " but they are %s and %s ms; align by time")
              .formatted(contextual.intervalMs(), phonetic.intervalMs()));
    }
    this.ratio = (int) (coarse / fine);
  }

  /// Returns why an utterance is rejected; empty when it is not.
  Optional<String> rejection(int contextualFrames, int phoneticFrames) {
    long gap = (long) ratio * contextualFrames - phoneticFrames;
    return gap <= LONGEST_GAP
        ? Optional.empty()
        : Optional.of(
            ("%d contextual and %d phonetic frames at %d to 1: %d phonetic frames are missing,"
                    + " the prototype's rule makes up for at most %d")
                .formatted(contextualFrames, phoneticFrames, ratio, gap, LONGEST_GAP));
  }

  /// Returns the phonetic frames, forced to ratio x T.
  FrameAligner.AlignedFrames align(int contextualFrames, int[] phonetic) {
    int length = Math.multiplyExact(ratio, contextualFrames);
    int gap = Math.max(0, length - phonetic.length);
    int[] units = new int[length];
    int[] owner = new int[length];
    for (int k = 0; k < length; k++) {
      units[k] = phonetic[Math.clamp(k - FRONT[gap], 0, phonetic.length - 1)];
      owner[k] = k / ratio;
    }
    int cut = Math.max(0, phonetic.length - length);
    return new FrameAligner.AlignedFrames(units, owner, FRONT[gap], END[gap], cut, 0);
  }
}
