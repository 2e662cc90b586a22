package org.duovox.io.tensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NpyFileTest {
  private static final String GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

  @TempDir Path folder;

  @Test
  void bytesAreThoseThatNumpyWrites() throws IOException {
    NpyFile.write(file(), new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6});
    byte[] bytes = Files.readAllBytes(file());
    assertEquals(128 + 24, bytes.length, "numpy.save of a (2, 3) float32 array has 152 bytes");
    assertEquals(0x93, bytes[0] & 0xFF);
    assertEquals(118, bytes[8], "the header fills up to byte 128");
    String text = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
    assertEquals(GOOD + " ".repeat(117 - GOOD.length()) + "\n", text);
  }

  @Test
  void roundTripInParts() {
    float[] values = new float[3 * 100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.5f;
    }
    float[] first = Arrays.copyOf(values, 100_000);
    float[] rest = Arrays.copyOfRange(values, 100_000, values.length);
    NpyFile.write(file(), new long[] {100_000, 3}, List.of(first, rest).iterator());
    try (NpyFile read = NpyFile.open(file())) {
      assertArrayEquals(new long[] {100_000, 3}, read.shape());
      assertArrayEquals(values, read.floats());
      float[] part = new float[70_001];
      read.readFloats(99_999, FloatBuffer.wrap(part));
      assertArrayEquals(Arrays.copyOfRange(values, 99_999, 170_000), part);
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> read.readFloats(299_000, FloatBuffer.wrap(new float[1001])));
    }
  }

  @Test
  void partsThatDoNotFillTheShapeLeaveNothing() {
    assertThrows(
        IllegalArgumentException.class,
        () -> NpyFile.write(file(), new long[] {2, 3}, new float[5]));
    assertFalse(Files.exists(file()));
  }

  @Test
  void doublesComeBackWithoutRounding() throws IOException {
    double[] values = {0.1, Math.PI, Double.MIN_VALUE, -0.0, 1e300, Double.NaN};
    Files.write(file(), NpyFile.bytes(new long[] {3, 2}, values));
    try (NpyFile file = NpyFile.open(file())) {
      assertEquals(DType.F64, file.dtype());
      assertArrayEquals(values, file.doubles());
    }
    NpyFile.write(file(), new long[] {2}, new float[] {0.1f, 7});
    try (NpyFile file = NpyFile.open(file())) {
      assertArrayEquals(new double[] {0.1f, 7}, file.doubles());
    }
    assertThrows(
        IllegalArgumentException.class, () -> NpyFile.bytes(new long[] {4}, new double[3]));
  }

  @Test
  void doublesAndHalvesAndLaterVersionsAreRead() throws IOException {
    ByteBuffer doubles = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    doubles.putDouble(0.1).putDouble(-2);
    store(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n", doubles.array());
    assertArrayEquals(new float[] {0.1f, -2}, floats());
    byte[] halves = {0, 0x3C, 0, (byte) 0xC0};
    store(3, "{'shape': (1, 2), 'descr': '<f2', 'fortran_order': True}", halves);
    assertArrayEquals(new float[] {1, -2}, floats());
    store(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", new byte[4]);
    assertArrayEquals(new float[] {0}, floats());
    store(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0L, 7L), }", new byte[0]);
    assertEquals(0, floats().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), };astype",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), };'|O'",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), };'<i4'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), };header",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), };ascontiguousarray",
        "{'descr': '<f4', 'fortran_order': 'no', 'shape': (2, 3), };fortran_order",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (6), };tuple",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), };header",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), };truncated",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), };follows",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), };too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), };too large",
        "{'descr': '<f4', 'fortran_order': False, };header",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)};header",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': True};header",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} __import__('os');header",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3);header",
        "[];header",
      })
  void hostileHeadersAreRefused(String text, String hint) throws IOException {
    store(1, text, new byte[24]);
    DuovoxException error = assertThrows(DuovoxException.class, () -> NpyFile.open(file()));
    assertEquals(DuovoxException.Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains(hint), error.getMessage());
    assertTrue(error.getMessage().startsWith(file().toString()), error.getMessage());
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    store(1, GOOD, new byte[24]);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThrows(DuovoxException.class, () -> NpyFile.open(file()), "length " + length);
    }
  }

  @Test
  void aHeaderOfFourGigabytesIsRefusedBeforeItIsAllocated() throws IOException {
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, '{'};
    Files.write(file(), start);
    assertThrows(DuovoxException.class, () -> NpyFile.open(file()));
    start[11] = 0x7F;
    Files.write(file(), start);
    assertThrows(DuovoxException.class, () -> NpyFile.open(file()));
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    DuovoxException missing = assertThrows(DuovoxException.class, () -> NpyFile.open(file()));
    assertEquals(DuovoxException.Kind.MISSING_INPUT, missing.kind());
    assertThrows(DuovoxException.class, () -> NpyFile.open(folder));
  }

  private Path file() {
    return folder.resolve("a.npy");
  }

  private float[] floats() {
    try (NpyFile read = NpyFile.open(file())) {
      return read.floats();
    }
  }

  private void store(int version, String text, byte[] data) throws IOException {
    int prefix = version == 1 ? 10 : 12;
    ByteBuffer all =
        ByteBuffer.allocate(prefix + text.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
    all.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      all.putShort((short) text.length());
    } else {
      all.putInt(text.length());
    }
    all.put(text.getBytes(StandardCharsets.US_ASCII)).put(data);
    Files.write(file(), all.array());
  }
}
