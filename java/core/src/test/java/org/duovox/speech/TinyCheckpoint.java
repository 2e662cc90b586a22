package org.duovox.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.internal.Device;
import org.duovox.internal.EncoderShape;
import org.duovox.internal.EncoderShape.Codes;
import org.duovox.internal.EncoderShape.ConvNorm;
import org.duovox.internal.EncoderShape.Convolutions;
import org.duovox.internal.EncoderShape.Position;
import org.duovox.internal.EncoderShape.Positions;
import org.duovox.internal.EncoderShape.Transformer;
import org.duovox.internal.NativeEncoder;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.units.SplitMix;

/// A wav2vec 2.0 checkpoint of a few thousand seeded weights in Hugging Face's layout, to be
/// written as it is or damaged.
public final class TinyCheckpoint {
  public static final String CONFIG =
      """
      {"model_type": "wav2vec2", "conv_dim": [6, 6, 6], "conv_kernel": [10, 3, 2],
       "conv_stride": [5, 2, 2], "conv_bias": false, "feat_extract_norm": "group",
       "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
       "intermediate_size": 12, "do_stable_layer_norm": false, "num_conv_pos_embeddings": 4,
       "num_conv_pos_embedding_groups": 2, "layer_norm_eps": 1e-5, "hidden_act": "gelu",
       "num_codevector_groups": 2, "num_codevectors_per_group": 5, "codevector_dim": 6,
       "vocab_size": 32}
      """;

  public final Map<String, float[]> values = new TreeMap<>();
  final Map<String, long[]> shapes = new TreeMap<>();
  public String config = CONFIG;
  public String preprocessor = "{\"do_normalize\": true, \"sampling_rate\": 16000}";

  public TinyCheckpoint() {
    Transformer shape =
        new Transformer(
            true,
            new Convolutions(
                List.of(6, 6, 6), List.of(10, 3, 2), List.of(5, 2, 2), false, ConvNorm.GROUP),
            true,
            8,
            2,
            2,
            12,
            false,
            new Positions(Position.WEIGHT_NORM, 4, 2, 1, 0, 0),
            new Codes(2, 5, 6),
            1e-5);
    fill(shape);
    add("quantizer.codevectors", new long[] {1, 10, 3});
  }

  private void fill(EncoderShape shape) {
    try (NativeEncoder encoder = new NativeEncoder(shape, Device.CPU)) {
      encoder.parameters().forEach(p -> add(p.name(), p.shape()));
    }
  }

  public void add(String name, long[] shape) {
    int elements = 1;
    for (long size : shape) {
      elements *= (int) size;
    }
    SplitMix random = SplitMix.of(name.hashCode(), elements);
    float[] drawn = new float[elements];
    for (int i = 0; i < elements; i++) {
      drawn[i] = (float) random.nextGaussian() * 0.3f;
    }
    values.put(name, drawn);
    shapes.put(name, shape);
  }

  /// The same tensor under another name.
  public void rename(String from, String to) {
    values.put(to, values.remove(from));
    shapes.put(to, shapes.remove(from));
  }

  /// All names with something in front.
  public void prefix(String text) {
    List.copyOf(values.keySet()).forEach(name -> rename(name, text + name));
  }

  public Path write(Path folder) throws IOException {
    writeConfig(folder);
    save(folder.resolve("model.safetensors"), values.keySet());
    return folder;
  }

  /// In two files with an index.
  public Path writeSharded(Path folder) throws IOException {
    writeConfig(folder);
    List<String> names = List.copyOf(values.keySet());
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      String file = "model-%05d-of-00002.safetensors".formatted(i + 1);
      int half = names.size() / 2;
      List<String> part = i == 0 ? names.subList(0, half) : names.subList(half, names.size());
      part.forEach(name -> places.put(name, "\"" + name + "\": \"" + file + "\""));
      save(folder.resolve(file), part);
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\": {}, \"weight_map\": {" + String.join(", ", places.values()) + "}}");
    return folder;
  }

  private void writeConfig(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config);
    if (preprocessor != null) {
      Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor);
    }
  }

  private void save(Path file, Iterable<String> names) {
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of("format", "pt"))) {
      names.forEach(name -> writer.add(name, shapes.get(name), values.get(name)));
      writer.commit();
    }
  }
}
