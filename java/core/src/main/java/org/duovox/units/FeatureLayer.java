package org.duovox.units;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.duovox.speech.FeatureCodebook;

/// Frames of one representation, utterance by utterance: what a codebook is fitted on and what a
/// quantizer reads.
///
/// Stored features and features of a user's own come in through this one interface. Calls come from
/// one thread at a time, not always the same one: reading goes on while the last frames are used.
public interface FeatureLayer extends AutoCloseable {

  StreamInfo stream();

  /// Audio that was encoded together at most, on which the last bits of the frames may depend; 0:
  /// every utterance by itself.
  default double batchSeconds() {
    return 0;
  }

  /// Values per frame.
  int width();

  /// All utterances, in an order that does not depend on how they are stored.
  List<UtteranceInfo> utterances();

  /// The frames of an utterance, (frames, width) row-major.
  float[] read(int utterance);

  /// The vectors behind the frames when those are codes (a VQ layer); empty for other features.
  default Optional<FeatureCodebook> codebook() {
    return Optional.empty();
  }

  /// Puts `count` frames of an utterance from frame `first` on into the buffer's remaining space,
  /// as floats in its byte order: the way without copies for large features.
  default void read(int utterance, int first, int count, ByteBuffer target) {
    target.asFloatBuffer().put(read(utterance), first * width(), count * width());
    target.position(target.position() + count * width() * Float.BYTES);
  }

  /// Frames of these utterances together.
  default long frames(int[] utterances) {
    return IntStream.of(utterances).mapToLong(u -> utterances().get(u).frames()).sum();
  }

  @Override
  default void close() {}

  /// Indices of the utterances that a condition holds for.
  default int[] select(Predicate<UtteranceInfo> condition) {
    List<UtteranceInfo> all = utterances();
    return IntStream.range(0, all.size()).filter(i -> condition.test(all.get(i))).toArray();
  }
}
