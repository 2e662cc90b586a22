package org.duovox.cli;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Hashes;
import org.duovox.speech.SpeechEmbedding;

/// What `doctor` finds out about the encoder's files, ONNX Runtime and FFmpeg.
final class DownloadFindings {
  /// SHA-256 of the files in the package openwakeword 0.4.0.
  private static final Map<String, String> SUMS =
      Map.of(
          "melspectrogram.onnx", "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
          "embedding_model.onnx",
              "ba754db3cd768a524c655ea90655ee5e6055a43b8dfd29366a11e93716ae9e51");

  private static final String JAVACPP_CACHE = "org.bytedeco.javacpp.cachedir";

  private DownloadFindings() {}

  static List<Finding> all() {
    return List.of(
        Finding.ok(
            "cache",
            Files.isDirectory(CacheDirectory.path()) ? "there" : "not made yet",
            CacheDirectory.path()),
        speechEmbedding(SpeechEmbedding.directory()),
        onnxRuntime(),
        ffmpeg());
  }

  static Finding speechEmbedding(Path folder) {
    for (Map.Entry<String, String> file : new TreeMap<>(SUMS).entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path)) {
        return Finding.missing(
            SpeechEmbedding.NAME, "no " + file.getKey(), folder, SpeechEmbedding.FETCH);
      }
      if (!Hashes.sha256(path).equals(file.getValue())) {
        return Finding.missing(
            SpeechEmbedding.NAME,
            file.getKey() + " has another SHA-256: damaged or another version",
            folder,
            "rm -r " + folder + " && " + SpeechEmbedding.FETCH);
      }
    }
    return Finding.ok(SpeechEmbedding.NAME, "0.4.0, both files with the right SHA-256", folder);
  }

  private static Finding onnxRuntime() {
    try {
      return Finding.ok("ONNX Runtime", OrtEnvironment.getEnvironment().getVersion(), "");
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(
          "ONNX Runtime",
          e.toString(),
          "",
          "a writable java.io.tmpdir that allows execution, and the jar onnxruntime");
    }
  }

  private static Finding ffmpeg() {
    String remedy =
        "the jars org.bytedeco:ffmpeg and javacpp for this platform, or -Dduovox.ffmpeg=FILE";
    try {
      String program = System.getProperty("duovox.ffmpeg");
      if (program == null) {
        program = packagedFfmpeg();
      }
      return Finding.ok("FFmpeg", version(program), program);
    } catch (IOException | RuntimeException | LinkageError e) {
      return Finding.missing("FFmpeg", e.toString(), "", remedy);
    }
  }

  // The same folder as the decoder uses, so that the program is unpacked once.
  private static String packagedFfmpeg() {
    if (System.getProperty(JAVACPP_CACHE) == null) {
      System.setProperty(JAVACPP_CACHE, CacheDirectory.path().resolve("javacpp").toString());
    }
    return Loader.load(ffmpeg.class);
  }

  private static String version(String program) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(program, "-version").redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", String.valueOf(Path.of(program).getParent()));
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String first = text.lines().findFirst().orElse("");
    if (!first.startsWith("ffmpeg version ")) {
      throw new IOException(program + " -version says: " + first);
    }
    return first.substring("ffmpeg version ".length()).split(" ")[0];
  }
}
