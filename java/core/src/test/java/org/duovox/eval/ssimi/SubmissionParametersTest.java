package org.duovox.eval.ssimi;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What submissions of both generations declare.
class SubmissionParametersTest {
  @TempDir Path folder;

  @Test
  void readsWhatItWrites() {
    SubmissionParameters.write(folder, "cosine", "max");
    assertDeclares("params.yaml", "cosine", "max");
  }

  @Test
  void paramsWithoutThemMeanTheDefaultsOfTheBenchmarks() throws IOException {
    Files.writeString(folder.resolve("params.yaml"), "quiet: true\n");
    assertDeclares("params.yaml", "euclidean", "mean");
  }

  @Test
  void metaOf2021() throws IOException {
    assertEquals(Optional.empty(), SubmissionParameters.of(folder));
    Path meta = folder.resolve("meta.yaml");
    Files.writeString(
        meta, "author: x\nparameters:\n  semantic:\n    metric: cosine\n    pooling: min\n");
    assertDeclares("meta.yaml", "cosine", "min");
    Files.writeString(meta, "author: x\n");
    assertEquals(Optional.empty(), SubmissionParameters.of(folder));
    Files.writeString(meta, "author: [x\n");
    DuovoxException told =
        assertFails(Kind.BAD_DATA, () -> SubmissionParameters.of(folder), "meta.yaml:", "not YAML");
    assertEquals(1, told.getMessage().lines().count(), told.getMessage());
  }

  private void assertDeclares(String file, String metric, String pooling) {
    assertEquals(
        Optional.of(new SubmissionParameters(folder.resolve(file), metric, pooling)),
        SubmissionParameters.of(folder));
  }
}
