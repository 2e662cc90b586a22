package org.duovox.io.tensors;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.testing.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  /// Written by `safetensors.numpy.save` of the Python package, version 0.8.0.
  private static final String FROM_PYTHON =
      "a8010000000000007b225f5f6d657461646174615f5f223a7b226d616465206279223a22507974686f6e20"
          + "7361666574656e736f727320302e382e30222c22c3bc223a225c6e5c22227d2c22696473223a7b22647479"
          + "7065223a22493634222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c31365d"
          + "7d2c22656d707479223a7b226474797065223a22463332222c227368617065223a5b302c345d2c22646174"
          + "615f6f666673657473223a5b31362c31365d7d2c22776569676874223a7b226474797065223a2246333222"
          + "2c227368617065223a5b322c335d2c22646174615f6f666673657473223a5b31362c34305d7d2c22736361"
          + "6c6172223a7b226474797065223a22493332222c227368617065223a5b5d2c22646174615f6f6666736574"
          + "73223a5b34302c34345d7d2c2268616c66223a7b226474797065223a22463136222c227368617065223a5b"
          + "325d2c22646174615f6f666673657473223a5b34342c34385d7d2c22756e697473223a7b22647479706522"
          + "3a22553136222c227368617065223a5b335d2c22646174615f6f666673657473223a5b34382c35345d7d7d"
          + "2020ffffffffffffffff0000000000010000000000000000803e0000003f0000403f0000803f0000a03f07"
          + "000000003e00c00100ffff0300";

  @TempDir Path folder;

  @Test
  void readsAHeaderWhoseLengthBeginsLikeAPickle() throws IOException {
    String text = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    for (int length : List.of(0x0280, 0x0380, 0x0480, 0x0580)) {
      ByteBuffer bytes = ByteBuffer.allocate(8 + length + 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(length).put((text + " ".repeat(length - text.length())).getBytes("UTF-8"));
      bytes.putFloat(1.5f);
      Path path = Files.write(folder.resolve("header-" + length), bytes.array());
      try (SafetensorsFile file = Safetensors.open(path)) {
        assertArrayEquals(new float[] {1.5f}, file.floats("a"));
      }
    }
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    Path path = Files.write(folder.resolve("p"), HexFormat.of().parseHex(FROM_PYTHON));
    try (SafetensorsFile file = Safetensors.open(path)) {
      assertEquals(
          Map.of("made by", "Python safetensors 0.8.0", "\u00fc", "\n\""), file.metadata());
      assertArrayEquals(new float[] {0, .25f, .5f, .75f, 1, 1.25f}, file.floats("weight"));
      assertArrayEquals(new long[] {2, 3}, file.require("weight").shape());
      assertArrayEquals(new int[] {1, 65535, 3}, file.ints("units"));
      assertArrayEquals(new long[] {-1, 1L << 40}, file.longs("ids"));
      assertArrayEquals(new float[] {1.5f, -2}, file.floats("half"));
      assertArrayEquals(new int[] {7}, file.ints("scalar"));
      assertEquals(0, file.floats("empty").length);
      assertFails(Kind.BAD_DATA, () -> file.ints("ids"), "does not fit 32 bits", "index 1");
      assertFails(Kind.BAD_DATA, () -> file.ints("half"), "F16");
      assertFails(Kind.BAD_DATA, () -> file.floats("weigth"), "did you mean \"weight\"");
      assertTrue(file.find("none").isEmpty());
    }
  }

  @Test
  void roundTripOfEveryKind() throws IOException {
    Path target = folder.resolve("out.safetensors");
    Random random = new Random(3);
    float[] big = new float[300_000];
    for (int i = 0; i < big.length; i++) {
      big[i] = (float) random.nextGaussian();
    }
    int[] units = random.ints(200_001, 0, 65536).toArray();
    long[] longs = random.longs(50_000).toArray();
    try (SafetensorsWriter writer = Safetensors.create(target, Map.of("b", "2", "a", "1"))) {
      writer.add("units", DType.U16, new long[] {units.length}, u16(units));
      writer.add("big", new long[] {100, 3000}, big);
      writer.add("ints", new long[] {3}, new int[] {Integer.MIN_VALUE, 0, 5});
      writer.add("longs", new long[] {50_000}, longs);
      writer.add("nothing", new long[] {0, 7}, new float[0]);
      assertFalse(Files.exists(target));
      writer.commit();
    }
    try (SafetensorsFile file = Safetensors.open(target)) {
      assertArrayEquals(units, file.ints("units"));
      assertArrayEquals(big, file.floats("big"));
      assertArrayEquals(new int[] {Integer.MIN_VALUE, 0, 5}, file.ints("ints"));
      assertArrayEquals(longs, file.longs("longs"));
      file.tensors().forEach(t -> assertEquals(0, t.begin() % (t.dtype().bits() / 8), t::toString));
      FloatBuffer part = FloatBuffer.allocate(1000);
      file.readFloats("big", 299_000, part);
      assertArrayEquals(Arrays.copyOfRange(big, 299_000, 300_000), part.array());
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> file.readFloats("big", 299_001, FloatBuffer.allocate(1000)));
    }
  }

  @Test
  void equalContentGivesEqualBytes() throws IOException {
    byte[][] contents = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path target = folder.resolve("same" + i);
      try (SafetensorsWriter writer = Safetensors.create(target, Map.of("k" + 1, "v", "k0", "w"))) {
        writer.add("x", new long[] {2}, new float[] {1, Float.NaN});
        writer.commit();
      }
      contents[i] = Files.readAllBytes(target);
    }
    assertArrayEquals(contents[0], contents[1]);
    assertEquals(0, (contents[0].length - 8 - 8) % 8, "header padded to 8 bytes");
    assertEquals('{', contents[0][8]);
  }

  @Test
  void tensorsThatGrowSideBySideGiveTheBytesOfWholeOnes() throws IOException {
    float[] a = {1, 2, 3, 4, 5, 6};
    float[] b = {7, 8, 9};
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("whole"), Map.of())) {
      writer.add("a", new long[] {3, 2}, a);
      writer.add("b", new long[] {3, 1}, b);
      writer.commit();
    }
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("grown"), Map.of())) {
      SafetensorsWriter.Growing first = writer.grow("a", 2);
      SafetensorsWriter.Growing second = writer.grow("b", 1);
      SafetensorsWriter.Growing gone = writer.grow("gone", 4);
      first.append(FloatBuffer.wrap(a, 0, 2));
      second.append(FloatBuffer.wrap(b, 0, 2));
      gone.append(FloatBuffer.wrap(new float[8]));
      assertThrows(
          IllegalArgumentException.class, () -> first.append(FloatBuffer.wrap(new float[3])));
      assertThrows(IllegalArgumentException.class, () -> writer.grow("a", 2));
      first.append(FloatBuffer.wrap(a, 2, 4));
      second.append(FloatBuffer.wrap(b, 2, 1));
      gone.abandon();
      assertTrue(writer.isEmpty());
      first.finish();
      second.finish();
      assertThrows(IllegalStateException.class, first::finish);
      assertThrows(IllegalStateException.class, () -> gone.append(FloatBuffer.allocate(4)));
      writer.commit();
    }
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole")), Files.readAllBytes(folder.resolve("grown")));
  }

  @Test
  void nothingIsLeftWithoutCommit() throws IOException {
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("x"), Map.of())) {
      writer.add("a", new long[] {1}, new float[1]);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void wrongUseIsRefused() {
    try (SafetensorsWriter writer = Safetensors.create(folder.resolve("x"), Map.of())) {
      writer.add("a", new long[] {1}, new float[1]);
      assertThrows(
          IllegalArgumentException.class, () -> writer.add("a", new long[] {1}, new float[1]));
      assertThrows(
          IllegalArgumentException.class, () -> writer.add("b", new long[] {2}, new float[1]));
      assertThrows(
          IllegalArgumentException.class, () -> writer.add("b", new long[] {-1}, new float[1]));
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.add("__metadata__", new long[] {1}, new int[] {1}));
      writer.commit();
      assertThrows(IllegalStateException.class, writer::commit);
    }
    assertFails(Kind.CANNOT_CREATE, () -> Safetensors.create(folder.resolve("x/y"), Map.of()), "x");
  }

  @Test
  void goldenFilesOfOthersAreValid() throws IOException {
    Path golden = Shared.assume("golden");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(golden)) {
      files = walk.filter(path -> path.toString().endsWith(".safetensors")).toList();
    }
    for (Path path : files) {
      try (SafetensorsFile file = Safetensors.open(path)) {
        assertFalse(file.tensors().isEmpty(), path::toString);
        for (TensorInfo tensor : file.tensors()) {
          assertEquals(tensor.elements(), read(file, tensor), tensor::toString);
        }
      }
    }
  }

  private static int read(SafetensorsFile file, TensorInfo tensor) {
    return tensor.dtype().isInteger()
        ? file.longs(tensor.name()).length
        : file.floats(tensor.name()).length;
  }

  @Test
  void someElementsAreReadByPosition() throws IOException {
    Path file = folder.resolve("some.safetensors");
    int[] ints = new Random(1).ints(100_003).toArray();
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("ints", new long[] {ints.length}, ints);
      writer.add("longs", new long[] {3}, new long[] {7, 1L << 40, -1});
      writer.add("small", DType.U16, new long[] {3}, u16(1, 65_535, 7));
      writer.commit();
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      assertArrayEquals(ints, tensors.ints("ints"));
      int[] some = tensors.ints("ints", 999, 70_001);
      assertArrayEquals(Arrays.copyOfRange(ints, 999, 71_000), some);
      assertArrayEquals(new int[] {65_535, 7}, tensors.ints("small", 1, 2));
      assertArrayEquals(new int[] {-1}, tensors.ints("longs", 2, 1));
      assertFails(Kind.BAD_DATA, () -> tensors.ints("longs", 0, 2), "1099511627776 at index 1");
      assertThrows(IndexOutOfBoundsException.class, () -> tensors.ints("small", 2, 2));
      assertEquals(0, tensors.ints("ints", ints.length, 0).length);
    }
  }

  /// Read through a mapping, this ended the JVM in compiled code.
  @Test
  void aFileThatIsCutOffIsAnErrorInCompiledCodeToo() throws IOException {
    Path file = folder.resolve("cut.safetensors");
    int[] ints = new int[1 << 14];
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("ints", new long[] {ints.length}, ints);
      writer.commit();
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      for (int i = 0; i < 20_000; i++) {
        tensors.ints("ints", i % 1000, 2000);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }
      for (int i = 0; i < 100; i++) {
        assertFails(Kind.BAD_DATA, () -> tensors.ints("ints", 500, 10_000), "became shorter");
      }
    }
  }

  @Test
  void aThreadThatIsInterruptedTakesTheFileFromNobodyElse() throws InterruptedException {
    Path file = folder.resolve("interrupted.safetensors");
    try (SafetensorsWriter writer = Safetensors.create(file, Map.of())) {
      writer.add("ints", new long[] {2}, new int[] {3, 4});
      writer.commit();
    }
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      Thread interrupted =
          new Thread(() -> {
            Thread.currentThread().interrupt();
            assertThrows(DuovoxException.class, () -> tensors.ints("ints"));
          });
      interrupted.start();
      interrupted.join();
      assertArrayEquals(new int[] {3, 4}, tensors.ints("ints"));
      assertArrayEquals(new int[] {4}, tensors.ints("ints", 1, 1));
    }
  }

  private static InputStream u16(int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return new ByteArrayInputStream(bytes.array());
  }
}
