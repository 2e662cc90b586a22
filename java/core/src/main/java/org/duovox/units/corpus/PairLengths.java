package org.duovox.units.corpus;

import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.units.KnownEncoder;
import org.duovox.units.StreamInfo;
import org.duovox.units.StreamLength;
import org.duovox.units.UtteranceInfo;

/// Checks the lengths of two streams of the same audio: each against its own samples, and where
/// both encoders are known the gap between them, whose bounds were measured on the reference
/// implementations.
final class PairLengths {
  /// The gap `ratio` x coarse - fine of a pair is from `least` to `most`.
  private record Law(KnownEncoder coarse, KnownEncoder fine, int ratio, int least, int most) {}

  private static final List<Law> LAWS =
      List.of(
          new Law(KnownEncoder.VQ3, KnownEncoder.CPC, 4, 0, 4),
          new Law(KnownEncoder.VQ3, KnownEncoder.CONVOLUTIONS_20, 2, 1, 3),
          new Law(KnownEncoder.VQ3, KnownEncoder.VQ2, 2, 0, 1),
          new Law(KnownEncoder.CONVOLUTIONS_20, KnownEncoder.CPC, 2, -2, 0));

  private final StreamLength contextual;
  private final StreamLength phonetic;
  private final Optional<Law> law;
  private final boolean swapped;

  PairLengths(StreamInfo contextual, StreamInfo phonetic) {
    this.contextual = new StreamLength(contextual);
    this.phonetic = new StreamLength(phonetic);
    boolean cut = isCut(contextual) || isCut(phonetic);
    Optional<KnownEncoder> coarse = cut ? Optional.empty() : KnownEncoder.of(contextual);
    Optional<KnownEncoder> fine = cut ? Optional.empty() : KnownEncoder.of(phonetic);
    Optional<Law> straight = law(coarse, fine);
    this.swapped = straight.isEmpty();
    this.law = straight.isPresent() ? straight : law(fine, coarse);
  }

  /// Refuses a pair of utterances out of bounds.
  ///
  /// @throws DuovoxException (BAD_DATA) with the numbers
  void require(UtteranceInfo coarse, UtteranceInfo fine) {
    contextual.require("contextual units", coarse);
    phonetic.require("phonetic units", fine);
    if (law.isPresent() && coarse.frames() > 0 && fine.frames() > 0) {
      requireGap(law.get(), swapped ? fine : coarse, swapped ? coarse : fine);
    }
  }

  private static void requireGap(Law law, UtteranceInfo coarse, UtteranceInfo fine) {
    long gap = (long) law.ratio * coarse.frames() - fine.frames();
    if (gap < law.least || gap > law.most) {
      throw DuovoxException.badData(
          ("%s: %d frames of the coarse and %d of the fine encoder are not of the same audio: %d x"
                  + " %d - %d = %d, but on one file it is %d to %d")
              .formatted(
                  coarse.id(),
                  coarse.frames(),
                  fine.frames(),
                  law.ratio,
                  coarse.frames(),
                  fine.frames(),
                  gap,
                  law.least,
                  law.most));
    }
  }

  private static Optional<Law> law(Optional<KnownEncoder> coarse, Optional<KnownEncoder> fine) {
    return LAWS.stream()
        .filter(l -> coarse.equals(Optional.of(l.coarse)) && fine.equals(Optional.of(l.fine)))
        .findFirst();
  }

  /// Chunks lose frames at their ends, so the gap grows with the length.
  private static boolean isCut(StreamInfo stream) {
    String chunking = stream.chunking();
    boolean unknown = chunking.isEmpty() || chunking.equals(StreamLength.IMPORTED);
    return !unknown && !StreamLength.isWhole(chunking);
  }
}
