package org.duovox.speech.onnx;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.speech.Encoder;

/// `encoder.json`: how a chain of ONNX models turns a waveform into named layers.
/// docs/representations.md explains each key.
///
/// @param format "duovox-onnx-encoder"
/// @param version 1
/// @param name name for manifests
/// @param sampleRate 16000
/// @param normalization what is done to the samples, in words, for manifests
/// @param models in the order of their execution
public record OnnxEncoderConfig(
    String format,
    int version,
    String name,
    int sampleRate,
    @JsonProperty("normalisation") String normalization,
    List<OnnxModelConfig> models) {
  /// Name of the file in an encoder's folder.
  public static final String FILE = "encoder.json";

  static final String FORMAT = "duovox-onnx-encoder";

  public OnnxEncoderConfig {
    models = models == null ? List.of() : List.copyOf(models);
  }

  /// Reads and checks a file.
  public static OnnxEncoderConfig read(Path file) {
    OnnxEncoderConfig config = Json.read(file, OnnxEncoderConfig.class);
    config.check(file.toString());
    return config;
  }

  /// Parses and checks text; `where` begins the message of an error.
  public static OnnxEncoderConfig parse(String text, String where) {
    OnnxEncoderConfig config = Json.parse(text, OnnxEncoderConfig.class, where);
    config.check(where);
    return config;
  }

  /// Returns the same without what describes the frames and does not change them.
  OnnxEncoderConfig computation() {
    List<OnnxModelConfig> bare = models.stream().map(OnnxModelConfig::computation).toList();
    return new OnnxEncoderConfig(format, version, name, sampleRate, normalization, bare);
  }

  private void check(String where) {
    require(FORMAT.equals(format), where, "format must be \"" + FORMAT + "\"");
    require(version == 1, where, "version " + version + " is not known; this program reads 1");
    require(name != null && !name.isBlank(), where, "name is missing");
    require(
        normalization != null, where, "normalisation is missing: say what is done to the samples");
    require(
        sampleRate == Encoder.SAMPLE_RATE,
        where,
        "sample_rate must be 16000: Duovox resamples all audio to it");
    require(!models.isEmpty(), where, "models is empty");
    Map<String, Integer> widths = new java.util.LinkedHashMap<>();
    widths.put(OnnxModelConfig.WAVEFORM, 1);
    Set<String> files = new HashSet<>();
    for (int i = 0; i < models.size(); i++) {
      String at = where + ": models[" + i + "]";
      models.get(i).check(at, widths);
      require(files.add(models.get(i).file()), at, models.get(i).file() + " is used twice");
    }
  }

  static void require(boolean condition, String where, String what) {
    if (!condition) {
      throw DuovoxException.config(where + ": " + what);
    }
  }
}
