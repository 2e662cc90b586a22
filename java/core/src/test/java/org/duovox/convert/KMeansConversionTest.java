package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Codebooks out of joblib's files, plain pickles and CPC's clustering checkpoints.
class KMeansConversionTest {
  private static final float[] CENTERS = {0, 1, 2, 3, 4, 5};

  @TempDir Path folder;

  private Codebook read(byte[] content) {
    Path file = Checkpoints.write(folder, "km.bin", content);
    Checkpoints.convert(file, folder.resolve("out"));
    return Codebook.read(folder.resolve("out/codebook.safetensors"));
  }

  private void requireCenters(byte[] content) {
    Codebook codebook = read(content);
    assertEquals(2, codebook.clusters());
    assertEquals(3, codebook.width());
    assertArrayEquals(CENTERS, codebook.centroids());
  }

  private static byte[] doubles(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return bytes.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 16})
  void arraysBetweenTheInstructions(int padding) {
    requireCenters(Checkpoints.joblib(Checkpoints.counting(6), "f4", 2, 3, padding));
  }

  @Test
  void packedAsJoblibDoes() throws Exception {
    byte[] plain = Checkpoints.joblib(Checkpoints.counting(6), "f4", 2, 3, 7);
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(zlib)) {
      out.write(plain);
    }
    requireCenters(zlib.toByteArray());
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    requireCenters(gzip.toByteArray());
  }

  @Test
  void doublesAreRounded() {
    byte[] bytes = doubles(0.1, 1, 2, 3, 4, 5);
    Codebook codebook = read(Checkpoints.joblib(bytes, "f8", 2, 3, 0));
    assertEquals(0.1f, codebook.centroids()[0]);
    assertEquals("F64", codebook.fit().get("converted_dtype"));
    Path huge =
        Checkpoints.write(folder, "huge.bin", Checkpoints.joblib(doubles(1e300, 1), "f8", 1, 2, 0));
    assertFails(
        Kind.BAD_DATA,
        () -> Checkpoints.convert(huge, folder.resolve("o")),
        "too large for a float");
  }

  /// `pickle.dump` keeps the bytes of an array in its state; protocol 2 writes them as text.
  @Test
  void plainPickles() {
    PickleBytes pickle =
        PickleBytes.protocol(2).global("sklearn.cluster.k_means_", "MiniBatchKMeans");
    pickle.ops(")").code(0x81).ops("}").text("cluster_centers_");
    pickle.global("numpy.core.multiarray", "_reconstruct").ops("(");
    pickle.global("numpy", "ndarray").wholes(0).text("b").ops("tR(").whole(1).wholes(2, 3);
    Checkpoints.dtype(pickle, "f4").truth(false);
    pickle.global("_codecs", "encode").ops("(");
    pickle.text(new String(Checkpoints.counting(6), StandardCharsets.ISO_8859_1));
    requireCenters(pickle.text("latin1").ops("tRtbsb").end());
  }

  @Test
  void columnMajorArrays() {
    PickleBytes pickle = PickleBytes.protocol(5).stackGlobal("sklearn.cluster._kmeans", "KMeans");
    pickle.ops(")").code(0x81).ops("}").text("cluster_centers_");
    pickle.stackGlobal("numpy._core.numeric", "_frombuffer").ops("(");
    ByteBuffer columns = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : new float[] {0, 3, 1, 4, 2, 5}) {
      columns.putFloat(value);
    }
    pickle.code(0x96).little(24, 8).raw(columns.array());
    Checkpoints.dtype(pickle, "f4").wholes(2, 3).text("F");
    requireCenters(pickle.ops("tRsb").end());
  }

  @Test
  void clusteringOfCpc() {
    PickleBytes pickle = PickleBytes.protocol(2).ops("}(").text("state_dict").ops("}").text("Ck");
    pickle.floats("0", 1, 2, 3).ops("s").text("n_clusters").whole(2).text("dim").whole(3);
    pickle.text("encoder_layer").truth(true).ops("u");
    requireCenters(Checkpoints.zip(pickle.end(), Map.of("0", Checkpoints.counting(6))));
    JsonNode config = Json.tree(folder.resolve("out/config.json"));
    assertEquals(2, config.path("n_clusters").intValue());
    assertEquals(true, config.path("encoder_layer").booleanValue());
  }

  @Test
  void whatElseIsKnownAndWhereItComesFrom() {
    byte[] content = Checkpoints.joblib(Checkpoints.counting(6), "f4", 2, 3, 2);
    Codebook codebook = read(content);
    assertFalse(codebook.stream().hasOrigin());
    assertEquals(Hashes.sha256(content), codebook.fit().get("converted_sha256"));
    JsonNode config = Json.tree(folder.resolve("out/config.json"));
    assertEquals("kmeans", config.path("model_type").stringValue());
    assertEquals("1.8.0", config.path("_sklearn_version").stringValue());
    JsonNode from = Json.tree(folder.resolve("out/conversion.json")).path("converted_from").path(0);
    assertEquals("km.bin", from.path("file").stringValue());
    assertEquals(Hashes.sha256(content), from.path("sha256").stringValue());
  }

  @Test
  void originThatIsGiven() {
    Path file =
        Checkpoints.write(
            folder, "km.bin", Checkpoints.joblib(Checkpoints.counting(6), "f4", 2, 3, 2));
    StreamInfo origin = new StreamInfo("hubert", "hidden_state_6", "ab", "none", "whole", 20, 12.5);
    Converter.convert(withOrigin(file, origin, 3));
    assertEquals(origin, Codebook.read(folder.resolve("out/codebook.safetensors")).stream());
    assertFails(
        Kind.BAD_DATA, () -> Converter.convert(withOrigin(file, origin, 4)), "3 values", "named 4");
  }

  private ConvertRequest withOrigin(Path file, StreamInfo origin, int width) {
    return new ConvertRequest(
        file,
        folder.resolve("out"),
        false,
        ConvertRequest.MAX_BYTES,
        Optional.of(new ConvertRequest.Origin(origin, width)),
        OptionalInt.empty());
  }

  @Test
  void whatDoesNotFit() {
    byte[] three = Checkpoints.joblib(Checkpoints.counting(6), "f4", 3, 2, 0);
    byte[] swapped = three.clone();
    // n_clusters is the first whole number of eight bytes.
    for (int i = 0; i < swapped.length; i++) {
      if (swapped[i] == (byte) 0x8a) {
        swapped[i + 2] = 9;
        break;
      }
    }
    Path file = Checkpoints.write(folder, "km.bin", swapped);
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convert(file, folder.resolve("o")), "n_clusters 9");
    byte[] unfitted =
        PickleBytes.protocol(2)
            .global("sklearn.cluster._kmeans", "KMeans")
            .ops(")")
            .code(0x81)
            .ops("}b")
            .end();
    Path bare = Checkpoints.write(folder, "bare.bin", unfitted);
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convert(bare, folder.resolve("o")), "not fitted");
    byte[] nan = Checkpoints.joblib(doubles(1, Double.NaN), "f8", 1, 2, 0);
    Path broken = Checkpoints.write(folder, "nan.bin", nan);
    assertFails(Kind.BAD_DATA, () -> Checkpoints.convert(broken, folder.resolve("o")), "index 1");
  }
}
