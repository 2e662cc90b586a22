package org.duovox.speech.extract;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureProvenance;
import org.duovox.speech.features.FeatureWriter;

/// Feature sets with tensor files of any size, for tests of other packages.
public final class ShardedFeatures {
  private ShardedFeatures() {}

  /// A writer that begins a new tensor file after `shardBytes`.
  public static FeatureWriter writer(Path target, Layer layer, long shardBytes) {
    return new FeatureWriter(
        target,
        new FeatureProvenance("toy", "", "none", "whole", java.util.Map.of()),
        List.of(layer),
        shardBytes);
  }

  /// Adds an utterance of one layer.
  public static void add(FeatureWriter writer, String id, Layer layer, float[] values) {
    int frames = values.length / layer.width();
    writer.add(
        id,
        frames * 320L,
        Map.of(),
        Map.of(layer.name(), new Frames(values, frames, layer.width())));
  }
}
