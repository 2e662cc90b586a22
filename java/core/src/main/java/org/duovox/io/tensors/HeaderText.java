package org.duovox.io.tensors;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;

/// The JSON header of a safetensors file, padded so that the tensors after it are aligned.
final class HeaderText {
  private HeaderText() {}

  /// @param order the tensors in the order of their data, whatever the offsets they carry
  static byte[] of(List<TensorInfo> order, Map<String, String> metadata, Path target) {
    byte[] json = Json.line(entries(order, metadata)).getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    if (padded.length > Safetensors.MAX_HEADER) {
      throw DuovoxException.cannotCreate(
          "cannot create "
              + target
              + ": its safetensors header would exceed 100000000 bytes;"
              + " write several files",
          null);
    }
    return padded;
  }

  private static Map<String, Object> entries(List<TensorInfo> order, Map<String, String> metadata) {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(SafetensorsHeader.METADATA, metadata);
    }
    long at = 0;
    for (TensorInfo tensor : order) {
      long end = at + tensor.end() - tensor.begin();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", tensor.dtype().name());
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", new long[] {at, end});
      root.put(tensor.name(), entry);
      at = end;
    }
    return root;
  }
}
