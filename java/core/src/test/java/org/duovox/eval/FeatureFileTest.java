package org.duovox.eval;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.NpyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frames from arrays and texts, and all faults of a file at once.
class FeatureFileTest {
  @TempDir Path folder;

  @Test
  void readsDoublesWithoutRounding() throws IOException {
    Path file = doubles("a.npy", "(2, 2)", 0.1, Math.PI, -1e-300, 3);
    double[][] rows = FeatureFile.read(file);
    assertArrayEquals(new double[] {0.1, Math.PI}, rows[0]);
    assertArrayEquals(new double[] {-1e-300, 3}, rows[1]);
    assertEquals(List.of(), check(file));
  }

  @Test
  void readsFloatsWhichTheOfficialValidationRefuses() {
    Path file = folder.resolve("a.npy");
    NpyFile.write(file, new long[] {1, 2}, new float[] {0.1f, 2});
    assertArrayEquals(new double[] {0.1f, 2}, FeatureFile.read(file)[0]);
    assertEquals(List.of(file + ": holds F32; the official validation wants float64"), check(file));
  }

  @Test
  void refusesOtherShapesAndWhatIsNotFinite() throws IOException {
    Path flat = doubles("flat.npy", "(2,)", 1, 2);
    assertFails(
        Kind.BAD_DATA, () -> FeatureFile.read(flat), "has the shape [2]", "(frames, width)");
    Path empty = doubles("empty.npy", "(0, 3)");
    assertFails(Kind.BAD_DATA, () -> FeatureFile.read(empty), "has the shape [0, 3]");
    Path bad = doubles("bad.npy", "(2, 2)", 1, Double.NaN, Double.NEGATIVE_INFINITY, 2);
    assertFails(Kind.BAD_DATA, () -> FeatureFile.read(bad), "row 1, column 2 holds NaN");
    assertEquals(
        List.of(
            bad + ": row 1, column 2 holds NaN; every value must be finite",
            bad + ": row 2, column 1 holds -Infinity; every value must be finite"),
        check(bad));
  }

  @Test
  void tellsAllFaultsOfATextWithTheirLines() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "1 x\n1 2 3\nnan 2\n1 inf\n");
    assertEquals(
        List.of(
            file + ":1: \"x\" is not a number that fits double precision",
            file + ":2: has 3 columns, the lines before it 2",
            file + ":3: holds nan; every value must be finite",
            file + ":4: holds inf; every value must be finite"),
        check(file));
    Path one = Files.writeString(folder.resolve("one.txt"), "1 2\n");
    assertEquals(
        List.of(
            one
                + ":1: is the only row, which the official evaluator takes for a vector; write it"
                + " twice"),
        check(one));
    Path none = Files.writeString(folder.resolve("none.txt"), "\n");
    assertEquals(List.of(none + ": holds no numbers; it needs one frame per line"), check(none));
  }

  private static List<String> check(Path file) {
    List<String> problems = new ArrayList<>();
    FeatureFile.check(file, problem -> problems.add(problem.toString()));
    return problems;
  }

  private Path doubles(String name, String shape, double... values) throws IOException {
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }\n";
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    out.write(header.getBytes(StandardCharsets.US_ASCII));
    out.write(bytes.array());
    return Files.write(folder.resolve(name), out.toByteArray());
  }
}
