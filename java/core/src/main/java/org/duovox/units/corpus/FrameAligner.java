package org.duovox.units.corpus;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.duovox.io.Hashes;
import org.duovox.units.SplitMix;
import org.duovox.units.StreamInfo;

/// Aligns the frames of two streams by the rule of an [AlignConfig]: by time, with shift and jitter
/// ([Alignment]), or by counting ([PrototypeEdges]). Every phonetic frame gets the contextual frame
/// it belongs to.
public final class FrameAligner {
  private static final double PICOSECONDS_PER_MS = 1e9;

  private final AlignConfig config;
  private final Alignment alignment;
  private final Optional<PrototypeEdges> prototype;

  /// An aligner of streams with these frame times.
  public FrameAligner(StreamInfo contextual, StreamInfo phonetic, AlignConfig config) {
    this.config = config;
    this.alignment = new Alignment(contextual, phonetic);
    this.prototype =
        config.edges() == AlignConfig.Edges.PROTOTYPE
            ? Optional.of(new PrototypeEdges(contextual, phonetic))
            : Optional.empty();
  }

  /// Returns why the rule rejects an utterance, which is then left out; empty when it does not.
  public Optional<String> rejection(int contextualFrames, int phoneticFrames) {
    return prototype.flatMap(edges -> edges.rejection(contextualFrames, phoneticFrames));
  }

  /// Returns the contextual frame of every phonetic frame of an utterance that is not rejected.
  ///
  /// @param contextualFrames at least 1
  /// @param phonetic at least one unit
  /// @throws org.duovox.DuovoxException (BAD_DATA) when the streams are not of the same audio
  public AlignedFrames align(String id, int contextualFrames, int[] phonetic) {
    if (prototype.isPresent()) {
      return prototype.get().align(contextualFrames, phonetic);
    }
    long shift = shift(id);
    Alignment.Owners owners = alignment.align(id, contextualFrames, phonetic.length, shift);
    return new AlignedFrames(phonetic, owners.owner(), owners.before(), owners.after(), 0, shift);
  }

  Alignment alignment() {
    return alignment;
  }

  /// Returns the picoseconds by which the phonetic centers of an utterance are moved.
  long shift(String id) {
    double jitter = 0;
    if (config.jitterMs() > 0) {
      double draw = SplitMix.of(config.seed(), key(id)).nextDouble();
      jitter = (2 * draw - 1) * config.jitterMs();
    }
    return Math.round((config.shiftMs() + jitter) * PICOSECONDS_PER_MS);
  }

  // A sum of our own: String.hashCode has collisions that are easy to meet.
  private static long key(String id) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(Hashes.sha256(id))).getLong();
  }

  /// The phonetic frames of one utterance, each with the contextual frame it belongs to.
  ///
  /// @param units (P) the phonetic units, repeated or cut at the edges by the rule of the prototype
  /// @param owner (P) the contextual frame of each, never decreases
  /// @param before frames before the first contextual span, which went to the first frame; with the
  ///   prototype's edges those repeated in front
  /// @param after frames after the last contextual span, which went to the last frame; with the
  ///   prototype's edges those repeated at the end
  /// @param cut frames left out at the end (prototype's edges only)
  /// @param shift picoseconds that the phonetic centers were moved by
  @SuppressWarnings("ArrayRecordComponent") // Lives for one utterance; copies would only cost time.
  public record AlignedFrames(
      int[] units, int[] owner, int before, int after, int cut, long shift) {}
}
