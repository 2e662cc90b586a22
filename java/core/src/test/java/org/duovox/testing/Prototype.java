package org.duovox.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;

/// A small model in the layout of the first author's prototype, with random weights: 2 layers,
/// hidden 8, feed-forward 12, 5 contextual and 3 phonetic codes, 16 positions.
public final class Prototype {
  public static final int LAYERS = 2;
  public static final int HIDDEN = 8;

  private Prototype() {}

  /// Names and shapes; the fusion convolution is listed once per layer.
  public static Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("bert.embeddings.word_embeddings.weight", new long[] {9, HIDDEN});
    shapes.put("bert.embeddings.position_embeddings.weight", new long[] {16, HIDDEN});
    shapes.put("bert.embeddings.token_type_embeddings.weight", new long[] {1, HIDDEN});
    both(shapes, "bert.embeddings.LayerNorm", HIDDEN);
    shapes.put("bert.char_embeddings.char_embeddings.weight", new long[] {4, 6});
    for (String end : new String[] {"_l0", "_l0_reverse"}) {
      String rnn = "bert.char_embeddings.rnn_layer.";
      shapes.put(rnn + "weight_ih" + end, new long[] {6, 6});
      shapes.put(rnn + "weight_hh" + end, new long[] {6, 2});
      shapes.put(rnn + "bias_ih" + end, new long[] {6});
      shapes.put(rnn + "bias_hh" + end, new long[] {6});
    }
    for (int i = 0; i < LAYERS; i++) {
      layer(shapes, "bert.encoder.layer." + i);
      both(shapes, "bert.encoder.fusion_layer_list." + i, HIDDEN, 2 * HIDDEN, 3);
    }
    shapes.put("bert.encoder.word_linear1.weight", new long[] {HIDDEN, HIDDEN});
    shapes.put("bert.encoder.char_linear1.weight", new long[] {HIDDEN, HIDDEN});
    both(shapes, "bert.encoder.word_norm", HIDDEN);
    both(shapes, "bert.encoder.char_norm", HIDDEN);
    both(shapes, "bert.pooler.dense", HIDDEN, HIDDEN);
    both(shapes, "cls.predictions.transform.dense", 2 * HIDDEN, 2 * HIDDEN);
    both(shapes, "cls.predictions.transform.LayerNorm", 2 * HIDDEN);
    shapes.put("cls.predictions.decoder", new long[] {9, 2 * HIDDEN});
    shapes.put("cls.predictions.bias", new long[] {9});
    return shapes;
  }

  /// Random values for these shapes, the fusion convolution the same in every layer.
  public static Map<String, float[]> values(Map<String, long[]> shapes, long seed) {
    Random random = new Random(seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> {
      int count = 1;
      for (long size : shape) {
        count = Math.toIntExact(count * size);
      }
      float[] drawn = new float[count];
      for (int i = 0; i < count; i++) {
        drawn[i] = (float) (0.2 * random.nextGaussian());
      }
      String first = name.replaceFirst("fusion_layer_list\\.[0-9]+", "fusion_layer_list.0");
      values.put(name, values.getOrDefault(first, drawn));
    });
    return values;
  }

  /// Writes them as safetensors.
  public static Path write(Path file, Map<String, long[]> shapes, Map<String, float[]> values) {
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      shapes.forEach((name, shape) -> writer.add(name, shape, values.get(name)));
      writer.commit();
    }
    return file;
  }

  /// Writes a random one.
  public static Path write(Path file, long seed) {
    return write(file, shapes(), values(shapes(), seed));
  }

  private static void layer(Map<String, long[]> shapes, String layer) {
    for (String part : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
      both(shapes, layer + ".attention." + part, HIDDEN, HIDDEN);
    }
    both(shapes, layer + ".attention.output.LayerNorm", HIDDEN);
    both(shapes, layer + ".intermediate.dense", 12, HIDDEN);
    both(shapes, layer + ".output.dense", HIDDEN, 12);
    both(shapes, layer + ".output.LayerNorm", HIDDEN);
  }

  private static void both(Map<String, long[]> shapes, String name, long... weight) {
    shapes.put(name + ".weight", weight);
    shapes.put(name + ".bias", new long[] {weight[0]});
  }
}
