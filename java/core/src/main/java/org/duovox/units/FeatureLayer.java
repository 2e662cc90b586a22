package org.duovox.units;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Frames of one representation, utterance by utterance: what a codebook is fitted on and what a
/// quantizer reads.
///
/// Stored features and features of a user's own come in through this one interface. For one thread.
public interface FeatureLayer extends AutoCloseable {

  StreamInfo stream();

  /// Values per frame.
  int width();

  /// All utterances, in an order that does not depend on how they are stored.
  List<UtteranceInfo> utterances();

  /// The frames of an utterance, (frames, width) row-major.
  float[] read(int utterance);

  @Override
  default void close() {}

  /// Indices of the utterances that a condition holds for.
  default int[] select(Predicate<UtteranceInfo> condition) {
    List<UtteranceInfo> all = utterances();
    return IntStream.range(0, all.size()).filter(i -> condition.test(all.get(i))).toArray();
  }
}
