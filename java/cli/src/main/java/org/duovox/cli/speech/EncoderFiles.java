package org.duovox.cli.speech;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collection;
import org.duovox.DuovoxException;
import org.duovox.cli.console.Home;
import org.duovox.cli.console.Interruption;
import org.duovox.cli.console.Verb;
import org.duovox.speech.onnx.SpeechEmbedding;

/// Fetches the files of an encoder that a verb is about to use and that are not here yet.
public final class EncoderFiles {
  private EncoderFiles() {}

  /// Makes sure that the named encoders have their files; only `speech-embedding` has any to fetch.
  public static void ensure(Verb verb, Collection<String> encoders) {
    boolean missing =
        SpeechEmbedding.FILES.stream()
            .anyMatch(file -> !Files.isRegularFile(SpeechEmbedding.directory().resolve(file)));
    if (encoders.contains(SpeechEmbedding.NAME) && missing) {
      verb.remark("fetching the model files of %s (9 MB, once)", SpeechEmbedding.NAME);
      fetch(verb);
    }
  }

  /// Runs the script; all it says goes to standard error, since standard output is for results.
  private static void fetch(Verb verb) {
    ProcessBuilder builder =
        new ProcessBuilder(Home.script("fetch").toString(), SpeechEmbedding.NAME)
            .redirectErrorStream(true);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      try (InputStream said = process.getInputStream()) {
        new String(said.readAllBytes(), StandardCharsets.UTF_8)
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
