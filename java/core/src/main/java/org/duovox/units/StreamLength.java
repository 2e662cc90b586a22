package org.duovox.units;

import java.util.Locale;
import java.util.Optional;
import org.duovox.DuovoxException;

/// Checks the length of utterances: refuses a number of frames that cannot come from the number of
/// samples.
///
/// The check is exact for a [KnownEncoder] on whole audio, and leaves some room where audio was cut
/// into chunks or units were imported, because tools cut and pad a little differently. For any
/// other encoder the frames must span the duration up to two frames and a receptive field.
public final class StreamLength {
  /// The chunking of imported units, which is unknown.
  public static final String IMPORTED = "imported";

  private static final String WHOLE = "whole";
  private static final long PICOSECONDS_PER_SAMPLE = 1_000_000_000_000L / 16_000;
  // The widest receptive field of the encoders that come with Duovox is 775 ms.
  private static final long RECEPTIVE_FIELD = 800_000_000_000L;
  // fairseq's feature scripts cut at this many samples, which loses at most a frame per cut.
  private static final long LONG_CHUNK = 1_600_000;
  private static final long SHORT_CHUNK_FRAMES = 50;

  private final StreamInfo stream;
  private final Optional<KnownEncoder> known;

  public StreamLength(StreamInfo stream) {
    this.stream = stream;
    this.known = KnownEncoder.of(stream);
  }

  /// Refuses an utterance out of bounds; one of unknown length passes.
  ///
  /// @param where beginning of the message, such as "file:line"
  /// @throws DuovoxException (BAD_DATA)
  public void require(String where, UtteranceInfo utterance) {
    if (utterance.samples() == 0) {
      return;
    }
    if (known.isPresent()) {
      requireKnown(where, utterance, known.get());
    } else {
      requireSpan(where, utterance);
    }
  }

  private void requireKnown(String where, UtteranceInfo utterance, KnownEncoder law) {
    long expected = law.frames(utterance.samples());
    long room = room(stream.chunking(), utterance.samples(), expected);
    if (Math.abs(utterance.frames() - expected) > room) {
      throw DuovoxException.badData(
          ("%s: '%s' has %d frames of %s %s, but %d samples of audio give %d%s; the units are of"
                  + " other audio or another encoder")
              .formatted(
                  where,
                  utterance.id(),
                  utterance.frames(),
                  stream.encoder(),
                  stream.layer(),
                  utterance.samples(),
                  expected,
                  room == 0 ? "" : " (" + room + " more or less are allowed)"));
    }
  }

  private static long room(String chunking, long samples, long expected) {
    if (isWhole(chunking)) {
      return 0;
    }
    boolean unknown = chunking.equals(IMPORTED) || chunking.isEmpty();
    return unknown ? 1 + samples / LONG_CHUNK : 2 + expected / SHORT_CHUNK_FRAMES;
  }

  /// Whether the frames are those of the whole utterance; segments ("whole; segments of 100 s")
  /// keep their number and times.
  public static boolean isWhole(String chunking) {
    return chunking.equals(WHOLE) || chunking.startsWith(WHOLE + ";");
  }

  private void requireSpan(String where, UtteranceInfo utterance) {
    long duration = Math.multiplyExact(utterance.samples(), PICOSECONDS_PER_SAMPLE);
    long span = utterance.frames() * stream.interval();
    long margin = Math.abs(stream.offset() - stream.interval() / 2);
    long room = 2 * (stream.interval() + margin) + RECEPTIVE_FIELD;
    if (Math.abs(span - duration) > room) {
      throw DuovoxException.badData(
          String.format(
              Locale.ROOT,
              "%s: '%s' has %d frames every %s ms, %.3f s in all, but %d samples are %.3f s of audio;"
                  + " the interval or the audio is another",
              where,
              utterance.id(),
              utterance.frames(),
              stream.intervalMs(),
              span / 1e12,
              utterance.samples(),
              duration / 1e12));
    }
  }
}
