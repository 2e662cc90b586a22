package org.duovox.speech;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One frame per 160 samples, whose values are the frame's first samples; loud audio (above 2)
/// becomes NaN.
public record FakeEncoder(int parallelism) implements Encoder {
  public static final Layer FINE = new Layer("fine", 2, 10, 0);
  public static final Layer COARSE = new Layer("coarse", 1, 20, 5);

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public List<Layer> layers() {
    return List.of(FINE, COARSE);
  }

  @Override
  public String weightsSha256() {
    return "ab";
  }

  @Override
  public String normalization() {
    return "none";
  }

  @Override
  public int minimumSamples(Collection<String> layers) {
    return 320;
  }

  @Override
  public Map<String, Frames> encode(float[] samples, Collection<String> layers) {
    requireLength(samples.length, layers);
    Map<String, Frames> result = new LinkedHashMap<>();
    for (String name : layers) {
      Layer layer = layer(name);
      int hop = (int) (layer.intervalMs() * 16);
      float[] values = new float[samples.length / hop * layer.width()];
      for (int i = 0; i < values.length; i++) {
        float value = samples[i / layer.width() * hop + i % layer.width()];
        values[i] = value > 2 ? Float.NaN : value;
      }
      result.put(name, new Frames(values, values.length / layer.width(), layer.width()));
    }
    return result;
  }

  @Override
  public void close() {}
}
