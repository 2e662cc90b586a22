package org.duovox.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checkpoints that PyTorch wrote, against the same weights as safetensors.
class GoldenConversionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"cpc, checkpoint.pt", "resdavenet_vq, best_audio_model.pth"})
  void equalBitByBit(String encoder, String checkpoint) throws Exception {
    Path golden = Shared.assume("golden/encoders/" + encoder);
    Path out = folder.resolve(encoder);
    Checkpoints.convert(golden.resolve(checkpoint), out);
    assertEquals(
        contents(golden.resolve("model.safetensors")), contents(out.resolve("model.safetensors")));
    assertEquals(Json.tree(golden.resolve("config.json")), Json.tree(out.resolve("config.json")));
  }

  /// Every tensor by name: type, shape and bytes.
  private static Map<String, String> contents(Path file) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    byte[] bytes = Files.readAllBytes(file);
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      long end = tensors.tensors().stream().mapToLong(TensorInfo::end).max().orElseThrow();
      int start = Math.toIntExact(bytes.length - end);
      for (TensorInfo tensor : tensors.tensors()) {
        byte[] data =
            Arrays.copyOfRange(bytes, start + (int) tensor.begin(), start + (int) tensor.end());
        contents.put(
            tensor.name(),
            tensor.dtype() + Arrays.toString(tensor.shape()) + Arrays.toString(data));
      }
    }
    return contents;
  }
}
