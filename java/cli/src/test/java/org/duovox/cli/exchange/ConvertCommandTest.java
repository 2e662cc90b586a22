package org.duovox.cli.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.cli.Cli;
import org.duovox.units.Codebook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConvertCommandTest {
  /// K-means of one centroid (1, 2) as Python 2 pickled it.
  private static final String KMEANS =
      """
      ccopy_reg
      _reconstructor
      (csklearn.cluster.k_means_
      KMeans
      c__builtin__
      object
      NtR(dS'n_clusters'
      I1
      sS'cluster_centers_'
      cnumpy.core.multiarray
      _reconstruct
      (cnumpy
      ndarray
      (I0
      tS'b'
      tR(I1
      (I1
      I2
      tcnumpy
      dtype
      (S'f4'
      I0
      I1
      tR(I3
      S'<'
      NNNI-1
      I-1
      I0
      tbI00
      S'\\x00\\x00\\x80?\\x00\\x00\\x00@'
      tbsb.\
      """;

  @TempDir private Path folder;

  @Test
  void aCodebookAndItsSummary() throws IOException {
    Path source = Files.writeString(folder.resolve("km.bin"), KMEANS);
    Path out = folder.resolve("out");
    Cli text = Cli.ok("convert", source, "--out", out);
    assertTrue(text.out().contains("found: k-means of scikit-learn"), text.out());
    assertTrue(text.out().contains("codebook.safetensors, config.json"), text.out());
    assertArrayEquals(
        new float[] {1, 2}, Codebook.read(out.resolve("codebook.safetensors")).centroids());
    JsonNode json = Cli.ok("convert", source, "--out", out, "--replace", "--json").json();
    assertEquals(2, json.path("parameters").intValue());
    assertEquals("km.bin", json.path("sources").path(0).path("file").stringValue());
  }

  @Test
  void codeIsRefusedByName() throws IOException {
    Path source = Files.writeString(folder.resolve("evil.pt"), "cos\nsystem\n(S'id'\ntR.");
    Path out = folder.resolve("out");
    Cli result = Cli.run("convert", source, "--out", out);
    assertEquals(65, result.code());
    assertTrue(result.err().contains("the pickle asks for os.system"), result.err());
    assertTrue(result.err().contains("nothing was executed"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void wrongUse() {
    Path gone = folder.resolve("gone.pt");
    assertEquals(66, Cli.run("convert", gone, "--out", folder.resolve("o")).code());
    assertEquals(2, Cli.run("convert", gone).code());
    assertEquals(2, Cli.run("convert", gone, "--out", "o", "--max-bytes", 0).code());
    Cli layer = Cli.run("convert", gone, "--out", "o", "--layer", "3");
    assertEquals(2, layer.code());
    assertTrue(layer.err().contains("--features"), layer.err());
  }
}
