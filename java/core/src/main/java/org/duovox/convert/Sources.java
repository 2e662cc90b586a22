package org.duovox.convert;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.convert.layout.HuggingFaceLayout;

/// Finds the checkpoint that a user names, by itself or by its folder.
final class Sources {
  /// What a folder is looked through for, in this order.
  private static final List<String> NAMES =
      List.of(
          HuggingFaceLayout.INDEX,
          HuggingFaceLayout.WHOLE,
          "models/best_audio_model.pth",
          "best_audio_model.pth",
          "checkpoint.pt",
          "km.bin",
          "weights.safetensors",
          "model.safetensors");

  private Sources() {}

  static Path find(Path source) {
    if (Files.isRegularFile(source)) {
      return source;
    }
    if (!Files.exists(source)) {
      throw DuovoxException.missing("no such file or folder: " + source);
    }
    return NAMES.stream()
        .map(source::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() ->
            DuovoxException.missing(
                "%s holds none of %s; name the checkpoint itself"
                    .formatted(source, String.join(", ", NAMES))));
  }

  static boolean isIndex(Path source) {
    return String.valueOf(source.getFileName()).endsWith(".index.json");
  }
}
