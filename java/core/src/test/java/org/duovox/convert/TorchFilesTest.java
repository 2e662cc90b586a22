package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tensors out of both forms of PyTorch's files: views, strides, types, byte orders, and lies.
class TorchFilesTest {
  @TempDir Path folder;

  private static byte[] views() {
    PickleBytes pickle = PickleBytes.protocol(2).ops("}(");
    pickle.text("all").floats("0", 3, 4);
    pickle
        .text("transposed")
        .tensor("FloatStorage", "0", 12, 0, new long[] {4, 3}, new long[] {1, 4});
    pickle.text("part").tensor("FloatStorage", "0", 12, 5, new long[] {2, 2}, new long[] {4, 2});
    pickle.text("scalar").tensor("FloatStorage", "0", 12, 7, new long[] {}, new long[] {});
    pickle.text("empty").tensor("FloatStorage", "0", 12, 12, new long[] {0, 5}, new long[] {5, 1});
    pickle
        .text("repeated")
        .tensor("FloatStorage", "0", 12, 2, new long[] {1, 3}, new long[] {9, 0});
    return pickle.ops("u").end();
  }

  private void requireViews(Path file) {
    Path out = folder.resolve("out");
    Checkpoints.convertGeneric(file, out);
    try (SafetensorsFile tensors = Safetensors.open(out.resolve("model.safetensors"))) {
      assertEquals(6, tensors.tensors().size());
      assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, tensors.floats("all"));
      assertArrayEquals(
          new float[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, tensors.floats("transposed"));
      assertArrayEquals(new float[] {5, 7, 9, 11}, tensors.floats("part"));
      assertArrayEquals(new float[] {7}, tensors.floats("scalar"));
      assertArrayEquals(new long[] {}, tensors.require("scalar").shape());
      assertArrayEquals(new long[] {0, 5}, tensors.require("empty").shape());
      assertArrayEquals(new float[] {2, 2, 2}, tensors.floats("repeated"));
    }
  }

  private Path zip(byte[] pickle, Map<String, byte[]> storages) {
    return Checkpoints.write(folder, "a.pt", Checkpoints.zip(pickle, storages));
  }

  private static byte[] swapped(byte[] little) {
    ByteBuffer in = ByteBuffer.wrap(little);
    ByteBuffer out = ByteBuffer.allocate(little.length);
    while (in.hasRemaining()) {
      out.putInt(Integer.reverseBytes(in.getInt()));
    }
    return out.array();
  }

  @Test
  void viewsOfAnArchive() {
    requireViews(zip(views(), Map.of("0", Checkpoints.counting(12))));
  }

  @Test
  void viewsOfAPackedArchive() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data.pkl", views());
    entries.put("x/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    entries.put("x/data/0", Checkpoints.counting(12));
    requireViews(Checkpoints.write(folder, "a.pt", Checkpoints.archive(entries, false)));
  }

  @Test
  void viewsOfABigEndianArchive() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data.pkl", views());
    entries.put("x/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
    entries.put("x/data/0", swapped(Checkpoints.counting(12)));
    requireViews(Checkpoints.write(folder, "a.pt", Checkpoints.archive(entries, true)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void viewsOfTheOldForm(boolean littleEndian) {
    byte[] data = Checkpoints.counting(12);
    byte[] stored = littleEndian ? data : swapped(data);
    requireViews(
        Checkpoints.write(
            folder, "a.pt", Checkpoints.old(views(), littleEndian, Map.of("0", stored), 4)));
  }

  /// Storages that share memory: the old form writes one and notes where the views begin.
  @Test
  void viewsOfAStorageInTheOldForm() {
    PickleBytes pickle = PickleBytes.protocol(2).ops("}").text("a");
    pickle.global("torch._utils", "_rebuild_tensor_v2").ops("((").text("storage");
    pickle.global("torch", "FloatStorage").text("0").text("cpu").whole(12).ops("(").text("7");
    pickle.whole(4).whole(6).ops("ttQ").whole(1).wholes(2).wholes(3).truth(false);
    byte[] bytes = pickle.global("collections", "OrderedDict").ops(")RtRs").end();
    Path file =
        Checkpoints.write(
            folder, "a.pt", Checkpoints.old(bytes, true, Map.of("0", Checkpoints.counting(12)), 4));
    Checkpoints.convertGeneric(file, folder.resolve("out"));
    try (SafetensorsFile tensors = Safetensors.open(folder.resolve("out/model.safetensors"))) {
      assertArrayEquals(new float[] {5, 8}, tensors.floats("a"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FloatStorage,F32,4", "DoubleStorage,F64,8", "HalfStorage,F16,2", "BFloat16Storage,BF16,2",
    "LongStorage,I64,8", "IntStorage,I32,4", "ShortStorage,I16,2", "CharStorage,I8,1",
    "ByteStorage,U8,1", "BoolStorage,BOOL,1"
  })
  void everyType(String storage, DType type, int width) {
    byte[] pickle =
        PickleBytes.protocol(2)
            .ops("}")
            .text("a")
            .tensor(storage, "0", 3, 1, new long[] {2}, new long[] {1})
            .ops("s")
            .end();
    byte[] data = new byte[3 * width];
    data[2 * width] = 1;
    Checkpoints.convertGeneric(zip(pickle, Map.of("0", data)), folder.resolve("out"));
    try (SafetensorsFile tensors = Safetensors.open(folder.resolve("out/model.safetensors"))) {
      assertEquals(type, tensors.require("a").dtype());
      assertArrayEquals(new long[] {2}, tensors.require("a").shape());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12|0|3,5|5,1|reach beyond",
        "12|1|3,4|4,1|reach beyond",
        "12|13|0|1|reach beyond",
        "12|-1|2|1|reach beyond",
        "12|0|2|-1|negative stride",
        "12|0|-2|1|negative size",
        "12|0|2|9223372036854775806|beyond",
        "12|0|3,3|9223372036854775807,9223372036854775807|overflow",
        "12|0|4611686018427387904,4|0,0|overflow",
        "12|0|2000000|0|repeats",
        "12|0|2,2|1|strides",
        "11|0|3,4|4,1|says 11 elements",
        "13|0|3,4|4,1|says 13 elements",
        "-1|0|0|1|-1 elements",
        "4611686018427387904|0|1|1|4611686018427387904 elements"
      })
  void tensorsThatLie(long elements, long offset, String shape, String strides, String part) {
    byte[] pickle =
        PickleBytes.protocol(2)
            .ops("}")
            .text("a")
            .tensor("FloatStorage", "0", elements, offset, longs(shape), longs(strides))
            .ops("s")
            .end();
    Path file = zip(pickle, Map.of("0", Checkpoints.counting(12)));
    Path out = folder.resolve("out");
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convertGeneric(file, out), "a.pt", part);
    assertFalse(Files.exists(out));
  }

  private static long[] longs(String text) {
    return Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
  }

  @Test
  void aStorageThatIsMissingOrUsedInTwoWays() {
    byte[] absent = PickleBytes.protocol(2).floats("5", 3).end();
    Path file = zip(absent, Map.of("0", new byte[12]));
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convertGeneric(file, folder.resolve("o")), "'5'");
    PickleBytes two = PickleBytes.protocol(2).ops("(").floats("0", 3);
    two.tensor("IntStorage", "0", 3, 0, new long[] {3}, new long[] {1});
    Path second = zip(two.ops("t").end(), Map.of("0", new byte[12]));
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convertGeneric(second, folder.resolve("o")), "two ways");
  }

  @Test
  void weightsThatAreNotFinite() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      byte[] data = Checkpoints.counting(12);
      ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * 9, value);
      Path file = zip(views(), Map.of("0", data));
      assertFails(
          Kind.BAD_DATA,
          () -> Checkpoints.convertGeneric(file, folder.resolve("out")),
          "tensor \"all\"",
          "index 9");
    }
  }
}
