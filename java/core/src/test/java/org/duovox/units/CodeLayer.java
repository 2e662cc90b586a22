package org.duovox.units;

import java.nio.file.Path;
import java.util.Map;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;
import org.duovox.speech.extract.ShardedFeatures;
import org.duovox.speech.features.FeatureWriter;

/// Feature folders whose one layer holds codes, for tests.
public final class CodeLayer {
  public static final String NAME = "codes";

  private CodeLayer() {}

  /// A folder with one utterance per row of `codes` (frames x groups), and the codebook beside.
  public static Path write(Path folder, int groups, int codebookSize, float[]... codes) {
    Layer layer = new Layer(NAME, groups, 20, 0);
    try (FeatureWriter writer = ShardedFeatures.writer(folder, layer, Long.MAX_VALUE)) {
      for (int u = 0; u < codes.length; u++) {
        ShardedFeatures.add(writer, "u" + u, layer, codes[u]);
      }
      writer.commit();
    }
    writeCodebook(folder, groups, codebookSize);
    return folder;
  }

  /// Vector c of group g is (100 g + c, -c).
  public static void writeCodebook(Path folder, int groups, int size) {
    float[] vectors = new float[groups * size * 2];
    for (int g = 0; g < groups; g++) {
      for (int c = 0; c < size; c++) {
        vectors[(g * size + c) * 2] = 100 * g + c;
        vectors[(g * size + c) * 2 + 1] = -c;
      }
    }
    Path file = folder.resolve(FeatureCodebook.fileName(NAME));
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of("source", "test"))) {
      writer.add("codebook", new long[] {groups, size, 2}, vectors);
      writer.commit();
    }
  }
}
