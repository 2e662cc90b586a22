package org.duovox.io.tensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The safetensors format (an eight-byte length, a JSON header, the tensors' bytes), read and
/// written strictly.
///
/// The rules are those of the format's README and its reference reader, plus limits of our own
/// against hostile headers; what breaks one is refused with
/// [org.duovox.DuovoxException.Kind#BAD_DATA] before any tensor is read.
public final class Safetensors {
  /// The format's own limit on the header, in bytes.
  static final int MAX_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 18;
  static final int MAX_TENSORS = 1_000_000;
  static final int MAX_NAME_BYTES = 4096;
  static final int MAX_RANK = 16;

  private Safetensors() {}

  /// A tensor whose elements, little-endian and row-major, come when they are asked for.
  public record Known(String name, DType dtype, long[] shape, Supplier<ByteBuffer> elements) {}

  /// Writes tensors that are all known beforehand to a stream, in one pass and with one of them in
  /// memory at a time. Equal content gives the bytes that [SafetensorsWriter] writes.
  ///
  /// @param file that the stream goes to, for messages
  public static void write(
      OutputStream stream, Map<String, String> metadata, List<Known> tensors, Path file)
      throws IOException {
    List<Known> order = new ArrayList<>(tensors);
    order.sort(Comparator.comparingInt((Known tensor) -> tensor.dtype().bits()).reversed());
    List<TensorInfo> infos = order.stream().map(Safetensors::info).toList();
    stream.write(SafetensorsHeader.encode(infos, new TreeMap<>(metadata), file));
    byte[] chunk = new byte[CHUNK];
    for (int i = 0; i < order.size(); i++) {
      ByteBuffer elements = order.get(i).elements().get();
      if (elements.remaining() != infos.get(i).end()) {
        throw new IllegalArgumentException(
            "tensor " + infos.get(i).name() + " has " + elements.remaining() + " bytes");
      }
      while (elements.hasRemaining()) {
        int count = Math.min(CHUNK, elements.remaining());
        elements.get(chunk, 0, count);
        stream.write(chunk, 0, count);
      }
    }
  }

  private static TensorInfo info(Known tensor) {
    long count = 1;
    for (long size : tensor.shape()) {
      count = Math.multiplyExact(count, size);
    }
    long bytes = Math.multiplyExact(count, tensor.dtype().bytes());
    return new TensorInfo(tensor.name(), tensor.dtype(), tensor.shape(), 0, bytes);
  }

  /// Opens a file and checks its whole header; tensors are read on demand.
  public static SafetensorsFile open(Path file) {
    return SafetensorsFile.open(file);
  }

  /// Starts a file that appears at the target when it is committed.
  public static SafetensorsWriter create(Path target, Map<String, String> metadata) {
    return new SafetensorsWriter(target, metadata);
  }

  /// Whether a tensor may have this name: UTF-8 of at most 4096 bytes, and not that of the
  /// metadata.
  public static boolean isTensorName(String name) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(name)
        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES
        && !name.equals(SafetensorsHeader.METADATA);
  }
}
