package org.duovox.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collection;
import org.duovox.DuovoxException;
import org.duovox.speech.onnx.SpeechEmbedding;

/// Downloads the missing files of the encoders that a verb is about to use.
public final class EncoderFiles {
  private EncoderFiles() {}

  /// Downloads what the named encoders lack; only `speech-embedding` has files to download.
  ///
  /// @throws DuovoxException (UNAVAILABLE) when the download fails
  public static void fetchMissing(Verb verb, Collection<String> encoders) {
    boolean missing =
        SpeechEmbedding.FILES.stream()
            .anyMatch(file -> !Files.isRegularFile(SpeechEmbedding.directory().resolve(file)));
    if (encoders.contains(SpeechEmbedding.NAME) && missing) {
      verb.remark("fetching the model files of %s (9 MB, once)", SpeechEmbedding.NAME);
      fetch(verb);
    }
  }

  /// Runs `scripts/fetch`; all its output goes to standard error, since standard output is for
  /// results.
  private static void fetch(Verb verb) {
    ProcessBuilder builder =
        new ProcessBuilder(HomeFolder.script("fetch").toString(), SpeechEmbedding.NAME)
            .redirectErrorStream(true);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      try (InputStream output = process.getInputStream()) {
        new String(output.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .forEach(line -> verb.remark("%s", line));
      }
      if (process.waitFor() != 0) {
        throw DuovoxException.unavailable(
            "%s could not be fetched; see above, or run '%s'"
                .formatted(SpeechEmbedding.NAME, SpeechEmbedding.FETCH));
      }
    } catch (IOException e) {
      throw DuovoxException.io("scripts/fetch", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Interruption.Stopped();
    }
  }
}
