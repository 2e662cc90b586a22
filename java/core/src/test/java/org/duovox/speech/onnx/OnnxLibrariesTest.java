package org.duovox.speech.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.testing.Jvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Loads ONNX Runtime in processes of their own, each with its own temporary folder.
class OnnxLibrariesTest {
  @TempDir private Path folder;

  /// Loads the runtime, for the model of a folder where one is given, and says how that went.
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      try {
        if (args.length > 0) {
          encode(Path.of(args[0]));
        }
        System.out.println("loaded " + OnnxEncoder.runtimeVersion());
      } catch (DuovoxException e) {
        System.out.println(e.kind() + " " + e.getMessage());
      }
    }

    private static void encode(Path folder) {
      String text = TinyOnnx.freed(TinyOnnx.OUTER_LAYER);
      OnnxEncoderConfig config = OnnxEncoderConfig.parse(text, "test");
      try (OnnxEncoder encoder = new OnnxEncoder(folder, config, 1, 1)) {
        encoder.encode(new float[64], List.of("outer"));
      }
    }
  }

  private static String load(Path temporary, String... arguments) throws IOException {
    List<String> options =
        List.of("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + temporary);
    try (Jvm jvm = Jvm.start(options, Loading.class, (Object[]) arguments)) {
      return jvm.all();
    }
  }

  @Test
  void nothingStaysInTheTemporaryFolder() throws IOException {
    String said = load(folder);
    assertTrue(said.startsWith("loaded 1."), said);
    assertEquals(List.of(), names(folder));
  }

  @Test
  void nothingStaysOfAnEncoderEither() throws IOException {
    Path model = TinyOnnx.write(Files.createDirectory(folder.resolve("model")));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    String said = load(temporary, model.toString());
    assertTrue(said.contains("loaded 1."), said);
    assertEquals(List.of(), names(temporary));
  }

  @Test
  void aTemporaryFolderThatIsNotThereIsNamedWithItsVariable() throws IOException {
    Path missing = folder.resolve("missing");
    String said = load(missing);
    assertTrue(said.contains("UNAVAILABLE"), said);
    assertTrue(said.contains(missing.toString()) && said.contains("TMPDIR"), said);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
