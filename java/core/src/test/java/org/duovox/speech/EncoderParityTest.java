package org.duovox.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.speech.encoders.Encoders;
import org.duovox.testing.Shared;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Equality with the reference implementations on random weights and real audio: every tensor they
/// gave, to 1e-4 (codes exactly, decibels to 1e-3).
class EncoderParityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hubert_base",
        "hubert_large",
        "wav2vec2",
        "data2vec",
        "wavlm",
        "cpc",
        "resdavenet_vq"
      })
  void equalsTheReference(String name) {
    Path folder = Shared.assume("golden/encoders/" + name);
    try (Encoder encoder = Encoders.open(folder.toString(), 1);
        SafetensorsFile expected = Safetensors.open(folder.resolve("expected.safetensors"))) {
      float[] waveform = expected.floats("waveform");
      Map<String, TensorInfo> wanted = new LinkedHashMap<>();
      expected.tensors().stream()
          .filter(tensor -> !tensor.name().equals("waveform"))
          .forEach(tensor -> wanted.put(tensor.name(), tensor));
      Map<String, Frames> found = encoder.encode(waveform, wanted.keySet());
      wanted.forEach((layer, tensor) -> compare(name, tensor, expected, found.get(layer)));
    }
  }

  private static void compare(String name, TensorInfo tensor, SafetensorsFile file, Frames found) {
    boolean codes = tensor.dtype() == DType.I64;
    float[] expected = codes ? floats(file.longs(tensor.name())) : file.floats(tensor.name());
    // The reference's spectrogram is (bands, frames), ours (frames, bands).
    boolean transposed = tensor.name().equals("logmel");
    assertEquals(expected.length, found.values().length, tensor.name());
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      int at = transposed ? i % found.frames() * found.width() + i / found.frames() : i;
      largest = Math.max(largest, Math.abs((double) expected[i] - found.values()[at]));
    }
    double tolerance = codes ? 0 : transposed ? 1e-3 : 1e-4;
    System.out.printf(
        java.util.Locale.ROOT, "%s %s: largest difference %.2g%n", name, tensor.name(), largest);
    assertTrue(largest <= tolerance, tensor + " differs by " + largest);
  }

  private static float[] floats(long[] values) {
    float[] converted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = values[i];
    }
    return converted;
  }
}
