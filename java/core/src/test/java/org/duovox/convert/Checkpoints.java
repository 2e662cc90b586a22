package org.duovox.convert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Checkpoint files in all forms, made of pickles and storages.
final class Checkpoints {
  private Checkpoints() {}

  static Conversion convert(Path source, Path target) {
    return Converter.convert(request(source, target, false));
  }

  static Conversion convertGeneric(Path source, Path target) {
    return Converter.convert(request(source, target, true));
  }

  static ConvertRequest request(Path source, Path target, boolean generic) {
    return new ConvertRequest(
        source, target, generic, ConvertRequest.MAX_BYTES, Optional.empty(), OptionalInt.empty());
  }

  /// Floats that are their own index, so that a test can tell which of them arrived.
  static byte[] counting(int count) {
    ByteBuffer buffer = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      buffer.putFloat(i);
    }
    return buffer.array();
  }

  static byte[] random(long count, Random random) {
    ByteBuffer buffer =
        ByteBuffer.allocate((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      buffer.putFloat((float) random.nextGaussian());
    }
    return buffer.array();
  }

  /// The archive of PyTorch 1.6 and newer, its entries stored.
  static byte[] zip(byte[] pickle, Map<String, byte[]> storages) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    storages.forEach((key, data) -> entries.put("archive/data/" + key, data));
    return archive(entries, true);
  }

  static byte[] archive(Map<String, byte[]> entries, boolean stored) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(content.getKey());
        if (stored) {
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.getValue().length);
          CRC32 sum = new CRC32();
          sum.update(content.getValue());
          entry.setCrc(sum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The form before PyTorch 1.6; storages in the order of their keys.
  static byte[] old(byte[] pickle, boolean littleEndian, Map<String, byte[]> storages, int width) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        PickleBytes.protocol(2)
            .code(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
            .end());
    bytes.writeBytes(PickleBytes.protocol(2).code('M').little(1001, 2).end());
    PickleBytes machine = PickleBytes.protocol(2).ops("}(").text("protocol_version").whole(1001);
    bytes.writeBytes(machine.text("little_endian").truth(littleEndian).ops("u").end());
    bytes.writeBytes(pickle);
    PickleBytes keys = PickleBytes.protocol(2).ops("](");
    storages.keySet().forEach(keys::text);
    bytes.writeBytes(keys.ops("e").end());
    PickleBytes data = new PickleBytes();
    storages.values().forEach(one -> data.little(one.length / width, 8).raw(one));
    byte[] ended = data.end();
    bytes.write(ended, 0, ended.length - 1);
    return bytes.toByteArray();
  }

  /// A checkpoint of random float tensors: `{key: state}` for each part, and further entries.
  static byte[] of(Map<String, Map<String, long[]>> parts, PickleBytes rest, Random random) {
    PickleBytes pickle = PickleBytes.protocol(2).ops("}(");
    Map<String, byte[]> storages = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, long[]>> part : parts.entrySet()) {
      int first = storages.size();
      pickle.text(part.getKey()).state(part.getValue(), first);
      addStorages(part.getValue(), storages, random);
    }
    byte[] extra = rest.end();
    pickle.raw(Arrays.copyOf(extra, extra.length - 1)).ops("u");
    return zip(pickle.end(), storages);
  }

  /// A checkpoint that is a state dictionary itself.
  static byte[] state(Map<String, long[]> shapes, Random random) {
    Map<String, byte[]> storages = new LinkedHashMap<>();
    addStorages(shapes, storages, random);
    return zip(PickleBytes.protocol(2).state(shapes, 0).end(), storages);
  }

  private static void addStorages(
      Map<String, long[]> shapes, Map<String, byte[]> storages, Random random) {
    for (long[] shape : shapes.values()) {
      long count = 1;
      for (long size : shape) {
        count *= size;
      }
      storages.put(Integer.toString(storages.size()), random(count, random));
    }
  }

  /// K-means of scikit-learn as joblib dumps it: the bytes of the array follow its description.
  ///
  /// @param padding bytes before the array, or -1 for files before joblib 1.1
  static byte[] joblib(byte[] centers, String type, long clusters, long width, int padding) {
    PickleBytes pickle = PickleBytes.protocol(4).stackGlobal("sklearn.cluster._kmeans", "KMeans");
    pickle.ops(")").code(0x81).ops("}(").text("n_clusters").whole(clusters);
    pickle.text("cluster_centers_");
    pickle.stackGlobal("joblib.numpy_pickle", "NumpyArrayWrapper").ops(")").code(0x81).ops("}(");
    pickle.text("subclass").stackGlobal("numpy", "ndarray");
    pickle.text("shape").wholes(clusters, width).text("order").text("C").text("dtype");
    dtype(pickle, type);
    pickle.text("allow_mmap").truth(true);
    if (padding >= 0) {
      pickle.text("numpy_array_alignment_bytes").whole(16);
    }
    pickle.ops("ub");
    if (padding >= 0) {
      pickle.code(padding).raw(new byte[padding]);
    }
    pickle.raw(centers).text("_sklearn_version").text("1.8.0").ops("ub");
    return pickle.end();
  }

  static PickleBytes dtype(PickleBytes pickle, String type) {
    pickle.stackGlobal("numpy", "dtype").ops("(").text(type).truth(false).truth(true).ops("tR(");
    return pickle.whole(3).text("<").ops("NNN").whole(-1).whole(-1).whole(0).ops("tb");
  }

  static Path write(Path folder, String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path folder, String name, String content) {
    return write(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }
}
