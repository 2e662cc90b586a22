package org.duovox.units;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.duovox.speech.FeatureCodebook;

/// One layer of features, read utterance by utterance: codebooks are fitted on it and quantizers
/// turn it into units.
///
/// Stored features and a user's own features come in through this interface. Calls come from one
/// thread at a time, not always the same one: the next frames are read while the last ones are
/// used.
public interface FeatureLayer extends AutoCloseable {

  /// Origin and times of the frames.
  StreamInfo stream();

  /// Most seconds of audio that were encoded together, which the last bits may depend on; 0 when
  /// every utterance was encoded by itself.
  default double batchSeconds() {
    return 0;
  }

  /// Values per frame.
  int width();

  /// All utterances, in an order that does not depend on how they are stored.
  List<UtteranceInfo> utterances();

  /// Reads the frames of an utterance, (frames, width) row-major.
  float[] read(int utterance);

  /// The vectors that the frames stand for when those are codes (a VQ layer); empty for other
  /// features.
  default Optional<FeatureCodebook> codebook() {
    return Optional.empty();
  }

  /// Reads `count` frames of an utterance, from frame `first` on, into the remaining space of the
  /// buffer, as floats in its byte order. Large features are read so, without copies.
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

  /// Returns the indices of the utterances that meet a condition.
  default int[] select(Predicate<UtteranceInfo> condition) {
    List<UtteranceInfo> utterances = utterances();
    return IntStream.range(0, utterances.size())
        .filter(i -> condition.test(utterances.get(i)))
        .toArray();
  }
}
