package org.duovox.units.kmeans;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;

/// Some columns of other features, side by side as they are there.
final class Columns implements FeatureLayer {
  private final FeatureLayer features;
  private final int first;
  private final int width;

  /// `width` columns from `first` on.
  Columns(FeatureLayer features, int first, int width) {
    this.features = features;
    this.first = first;
    this.width = width;
  }

  @Override
  public StreamInfo stream() {
    return features.stream();
  }

  @Override
  public double batchSeconds() {
    return features.batchSeconds();
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<UtteranceInfo> utterances() {
    return features.utterances();
  }

  @Override
  public float[] read(int utterance) {
    int frames = features.utterances().get(utterance).frames();
    ByteBuffer bytes = buffer(frames, width);
    read(utterance, 0, frames, bytes);
    float[] values = new float[frames * width];
    bytes.flip().asFloatBuffer().get(values);
    return values;
  }

  @Override
  public void read(int utterance, int begin, int count, ByteBuffer target) {
    ByteBuffer all = buffer(count, features.width());
    features.read(utterance, begin, count, all);
    StagedCoder.copyColumns(
        all.flip().asFloatBuffer(), features.width(), first, target.asFloatBuffer(), width);
    target.position(target.position() + count * width * Float.BYTES);
  }

  private static ByteBuffer buffer(int rows, int width) {
    int bytes = Math.multiplyExact(Math.multiplyExact(rows, width), Float.BYTES);
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
