package org.duovox.speech.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.io.ArraySize;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.onnx.OnnxModelConfig.Tensor;

/// An encoder that runs a chain of ONNX models, described by an [OnnxEncoderConfig]. Needs the
/// optional ONNX Runtime.
///
/// Models and nodes that no requested layer depends on are not computed. Safe for use by several
/// threads; each pass uses the threads given at the start (1 is best when utterances are encoded
/// side by side).
public final class OnnxEncoder implements Encoder {
  private final OnnxEncoderConfig config;
  private final List<OnnxModel> models = new ArrayList<>();
  private final List<Layer> layers;
  private final int parallelism;
  private final String sha256;

  /// @param folder that the model files lie in
  /// @param parallelism threads that will encode at once
  /// @param threadsPerPass threads of the runtime within one pass
  public OnnxEncoder(Path folder, OnnxEncoderConfig config, int parallelism, int threadsPerPass) {
    this.config = config;
    this.parallelism = Math.max(1, parallelism);
    Hashes.Builder hash = Hashes.builder().add(Json.line(config.computation()));
    for (OnnxModelConfig model : config.models()) {
      hash.add(Hashes.sha256(folder.resolve(model.file())));
      OnnxModel opened = new OnnxModel(folder, model, Math.max(1, threadsPerPass));
      opened.externalFiles().forEach(file -> hash.add(Hashes.sha256(file)));
      models.add(opened);
    }
    this.sha256 = hash.finish();
    this.layers =
        config.models().stream()
            .flatMap(m -> m.tensors().stream())
            .map(OnnxEncoder::layer)
            .toList();
  }

  private static Layer layer(Tensor tensor) {
    return new Layer(
        tensor.layer(), tensor.width(), tensor.intervalMs(), tensor.firstKeptMs(), tensor.seen());
  }

  /// The version of ONNX Runtime, which this call loads.
  ///
  /// @throws org.duovox.DuovoxException (UNAVAILABLE) when it cannot be loaded
  public static String runtimeVersion() {
    return OnnxRuntime.environment().getVersion();
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  @Override
  public String weightsSha256() {
    return sha256;
  }

  @Override
  public Map<String, String> versions() {
    return Map.of("onnxruntime", OnnxRuntime.environment().getVersion());
  }

  @Override
  public String normalization() {
    return config.normalization();
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public int minimumSamples(Collection<String> names) {
    return Encoder.fewestSamples(samples -> allHaveFrames(samples, names));
  }

  private boolean allHaveFrames(int samples, Collection<String> names) {
    Map<String, Integer> computed = new HashMap<>(Map.of(OnnxModelConfig.WAVEFORM, samples));
    Map<String, Integer> kept = new HashMap<>();
    for (OnnxModelConfig model : config.models()) {
      OnnxModelConfig.Input in = model.input();
      int steps = computed.get(in.from()) + in.padBefore() + in.padAfter();
      for (Tensor tensor : model.tensors()) {
        int frames = tensor.frames(steps);
        computed.put(tensor.layer(), frames);
        kept.put(tensor.layer(), tensor.endKept(frames, samples) - tensor.firstKept());
      }
    }
    return names.stream().allMatch(name -> kept.get(layer(name).name()) > 0);
  }

  @Override
  public Map<String, Frames> encode(float[] samples, Collection<String> names) {
    requireLength(samples.length, names);
    Set<String> needed = withSources(names);
    Map<String, Frames> computed = new HashMap<>();
    computed.put(OnnxModelConfig.WAVEFORM, new Frames(samples, samples.length, 1));
    Map<String, Frames> kept = new HashMap<>();
    for (OnnxModel model : models) {
      List<Tensor> tensors =
          model.config().tensors().stream().filter(t -> needed.contains(t.layer())).toList();
      if (!tensors.isEmpty()) {
        List<Frames> results = model.run(input(model.config().input(), computed), tensors);
        for (int i = 0; i < tensors.size(); i++) {
          Frames frames = floored(results.get(i), tensors.get(i));
          computed.put(tensors.get(i).layer(), frames);
          kept.put(tensors.get(i).layer(), trimmed(frames, tensors.get(i), samples.length));
        }
      }
    }
    Map<String, Frames> result = new LinkedHashMap<>();
    names.forEach(name -> result.put(name, kept.get(name)));
    return result;
  }

  /// The requested layers and, from the last model to the first, those that their models take as
  /// input.
  private Set<String> withSources(Collection<String> names) {
    Set<String> needed = new LinkedHashSet<>(names);
    for (OnnxModelConfig model : config.models().reversed()) {
      if (model.tensors().stream().anyMatch(tensor -> needed.contains(tensor.layer()))) {
        needed.add(model.input().from());
      }
    }
    return needed;
  }

  private static Frames input(OnnxModelConfig.Input input, Map<String, Frames> computed) {
    Frames from = computed.get(input.from());
    int steps = from.frames() + input.padBefore() + input.padAfter();
    if (steps == from.frames()) {
      return from;
    }
    float[] padded = new float[ArraySize.of("the input of a network", steps, from.width())];
    System.arraycopy(
        from.values(), 0, padded, input.padBefore() * from.width(), from.values().length);
    return new Frames(padded, steps, from.width());
  }

  private static Frames floored(Frames frames, Tensor tensor) {
    if (tensor.floorBelowMax() != null) {
      float[] values = frames.values();
      float max = Float.NEGATIVE_INFINITY;
      for (float value : values) {
        max = Math.max(max, value);
      }
      float floor = (float) (max - tensor.floorBelowMax());
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.max(values[i], floor);
      }
    }
    return frames;
  }

  private static Frames trimmed(Frames frames, Tensor tensor, int samples) {
    return frames.slice(tensor.firstKept(), tensor.endKept(frames.frames(), samples));
  }

  @Override
  public void close() {
    models.forEach(OnnxModel::close);
  }

  @Override
  public String toString() {
    return "OnnxEncoder[" + name() + ", " + Arrays.toString(layers.toArray()) + "]";
  }
}
