package org.duovox.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.Suggestions;

/// Opens encoders by name or by folder.
public final class Encoders {
  /// Encoders that need no folder.
  public static final List<String> NAMES = List.of(LogMelEncoder.NAME, SpeechEmbedding.NAME);

  private Encoders() {}

  /// Opens an encoder.
  ///
  /// @param nameOrFolder one of [#NAMES], or a folder with an `encoder.json` beside its ONNX models
  /// @param parallelism threads that will encode at once, at least 1; an encoder may offer fewer
  public static Encoder open(String nameOrFolder, int parallelism) {
    try {
      return switch (nameOrFolder) {
        case LogMelEncoder.NAME -> new LogMelEncoder(parallelism);
        case SpeechEmbedding.NAME -> SpeechEmbedding.open(SpeechEmbedding.locate(), parallelism);
        default -> folder(nameOrFolder, parallelism);
      };
    } catch (NoClassDefFoundError e) {
      throw DuovoxException.unavailable(
          "encoder %s needs the optional libraries com.microsoft.onnxruntime:onnxruntime and org.tribuo:tribuo-util-onnx: %s is missing"
              .formatted(nameOrFolder, e.getMessage()),
          e);
    }
  }

  private static Encoder folder(String text, int parallelism) {
    Path folder = Path.of(text);
    if (!Files.isDirectory(folder)) {
      String near =
          Suggestions.nearest(text, NAMES).map(n -> "; did you mean " + n + "?").orElse("");
      throw DuovoxException.missing(
          "no encoder \"%s\"%s Encoders are %s, or a folder with %s"
              .formatted(
                  text,
                  near.isEmpty() ? "." : near,
                  String.join(", ", NAMES),
                  OnnxEncoderConfig.FILE));
    }
    Path config = folder.resolve(OnnxEncoderConfig.FILE);
    if (!Files.isRegularFile(config)) {
      throw DuovoxException.missing(
          "the folder %s is no encoder: it has no %s (docs/representations.md shows one)"
              .formatted(folder, OnnxEncoderConfig.FILE));
    }
    return new OnnxEncoder(folder, OnnxEncoderConfig.read(config), parallelism, 1);
  }
}
