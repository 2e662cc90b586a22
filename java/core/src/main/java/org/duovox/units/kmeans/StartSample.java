package org.duovox.units.kmeans;

import java.nio.ByteBuffer;
import org.duovox.internal.NativeRows;
import org.duovox.units.FeatureLayer;
import org.duovox.units.SplitMix;

/// Draws the sample for the k-means++ start: a uniform random sample of the frames of some
/// utterances, in their order (Knuth, The Art of Computer Programming 3.4.2, algorithm S).
///
/// The number of frames is known in advance, so only the drawn frames are read.
final class StartSample {
  private final FeatureLayer features;
  private final SplitMix draws;
  private final NativeRows rows;
  private long unseen;
  private int count;
  private int pending; // Drawn and not yet read.

  private StartSample(FeatureLayer features, SplitMix draws, NativeRows rows, long frames) {
    this.features = features;
    this.draws = draws;
    this.rows = rows;
    this.unseen = frames;
  }

  /// Fills the rows with frames drawn from the utterances.
  ///
  /// @param frames of all utterances together, at least the capacity of the rows
  static void draw(
      FeatureLayer features, int[] utterances, long frames, SplitMix draws, NativeRows rows) {
    StartSample sample = new StartSample(features, draws, rows, frames);
    for (int utterance : utterances) {
      sample.add(utterance);
    }
  }

  private void add(int utterance) {
    int frames = features.utterances().get(utterance).frames();
    int begin = 0;
    for (int frame = 0; frame <= frames; frame++) {
      boolean drawn = frame < frames && draw();
      if (!drawn) {
        // A run of frames next to each other is one read.
        read(utterance, begin, frame - begin);
        begin = frame + 1;
      }
    }
  }

  private boolean draw() {
    int wanted = rows.capacity() - count - pending;
    boolean drawn = draws.nextDouble() * unseen < wanted;
    unseen--;
    pending += drawn ? 1 : 0;
    return drawn;
  }

  private void read(int utterance, int first, int frames) {
    if (frames == 0) {
      return;
    }
    ByteBuffer target = rows.bytes(count, frames);
    features.read(utterance, first, frames, target);
    RowBatches.requireFinite(
        target.flip(), features.width(), features.utterances().get(utterance).id(), first);
    count += frames;
    pending = 0;
  }
}
