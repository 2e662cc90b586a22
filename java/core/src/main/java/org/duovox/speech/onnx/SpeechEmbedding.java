package org.duovox.speech.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.CacheDirectory;
import org.duovox.speech.Encoder;

/// Google's speech embedding (Apache-2.0), the default of both streams: a log-mel model and a
/// convolutional network over it.
///
/// Layers: `mel`, `block1` to `block4` and `embedding`; one convolutional pass over the utterance
/// gives all that is asked for. The model files are those of the package openwakeword 0.4.0.
public final class SpeechEmbedding {
  /// Name of the encoder.
  public static final String NAME = "speech-embedding";

  /// The files that its folder must hold.
  public static final List<String> FILES = List.of("melspectrogram.onnx", "embedding_model.onnx");

  /// What a user types to get them.
  public static final String FETCH = "./duovox fetch speech-embedding";

  private static final String RESOURCE = "speech-embedding.json";

  private SpeechEmbedding() {}

  /// Where `fetch` puts the files, whether they are there or not.
  public static Path directory() {
    return CacheDirectory.path().resolve("speech-embedding-0.4.0");
  }

  /// The folder that `fetch` has filled.
  ///
  /// @throws DuovoxException of kind UNAVAILABLE that names the command when a file is missing
  public static Path locate() {
    return require(directory());
  }

  private static Path require(Path folder) {
    for (String file : FILES) {
      if (!Files.isRegularFile(folder.resolve(file))) {
        throw DuovoxException.unavailable(
            "the model files of %s are not here: %s is missing; run %s"
                .formatted(NAME, folder.resolve(file), FETCH));
      }
    }
    return folder;
  }

  /// The built-in config.
  public static OnnxEncoderConfig config() {
    try (InputStream stream = SpeechEmbedding.class.getResourceAsStream(RESOURCE)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return OnnxEncoderConfig.parse(text, RESOURCE);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + RESOURCE, e);
    }
  }

  /// @param folder with [#FILES], from [#locate()] or a user's own
  /// @param parallelism threads that will encode at once
  public static Encoder open(Path folder, int parallelism) {
    return new OnnxEncoder(require(folder), config(), parallelism, 1);
  }
}
