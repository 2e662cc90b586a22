package org.duovox.cli.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.audio.decode.FfmpegDecoder;
import org.duovox.io.CacheDirectory;
import org.duovox.io.Hashes;
import org.duovox.speech.onnx.OnnxEncoder;
import org.duovox.speech.onnx.SpeechEmbedding;

/// Checks of `duovox doctor` on the cache, the files of `speech-embedding`, ONNX Runtime and
/// FFmpeg.
final class DownloadFindings {
  /// SHA-256 of the files in the package openwakeword 0.4.0.
  private static final Map<String, String> SUMS =
      Map.of(
          "melspectrogram.onnx", "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f",
          "embedding_model.onnx",
              "ba754db3cd768a524c655ea90655ee5e6055a43b8dfd29366a11e93716ae9e51");

  private DownloadFindings() {}

  static List<Finding> all() {
    try {
      Path cache = CacheDirectory.path();
      return List.of(
          Finding.ok("cache", Files.isDirectory(cache) ? "there" : "not made yet", cache),
          speechEmbedding(SpeechEmbedding.directory()),
          onnxRuntime(),
          ffmpeg());
    } catch (DuovoxException e) { // There is no home folder.
      return List.of(
          Finding.missing("cache", "no place for it", "", e.getMessage()), onnxRuntime(), ffmpeg());
    }
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
      return Finding.ok("ONNX Runtime", OnnxEncoder.runtimeVersion(), "");
    } catch (DuovoxException e) {
      return Finding.missing("ONNX Runtime", "not usable", "", e.getMessage());
    } catch (LinkageError e) {
      return Finding.missing("ONNX Runtime", e.toString(), "", "the jar onnxruntime");
    }
  }

  private static Finding ffmpeg() {
    try {
      Path program = FfmpegDecoder.program();
      return Finding.ok("FFmpeg", version(program.toString()), program);
    } catch (DuovoxException e) {
      return Finding.missing("FFmpeg", "not usable", "", e.getMessage());
    } catch (IOException e) {
      return Finding.missing(
          "FFmpeg", e.toString(), "", "name another program with -Dduovox.ffmpeg=FILE");
    }
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
