package org.duovox.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.audio.Audio;
import org.duovox.audio.PcmWav;

/// A text-to-speech program of the tests: a shell script that copies a WAV file with as many bursts
/// of a tone as the text has clauses, and notes every text that it speaks.
public final class FakeSpeech {
  /// Seconds of a burst.
  public static final double BURST = 0.3;

  /// Seconds of silence between bursts, and before and after them.
  public static final double SILENCE = 0.2;

  private static final int RATE = 16_000;
  private static final int MOST_CLAUSES = 9;

  private final Path folder;
  private final Path script;

  /// Writes the program into a folder.
  ///
  /// @param body what the script does first; it knows `$1` the text, `$2` the file, `$3` the voice
  public FakeSpeech(Path folder, String body) throws IOException {
    this.folder = folder;
    script = folder.resolve("speech.sh");
    Files.createDirectories(folder);
    for (int i = 1; i <= MOST_CLAUSES; i++) {
      Files.write(folder.resolve("clauses-%d.wav".formatted(i)), PcmWav.bytes(audio(i)));
    }
    Files.writeString(
        script,
        """
        here=${0%%/*}
        %s
        printf '%%s\\n' "$1" >> "$here/texts"
        count=1
        rest="${1%%[.,;:!?]}"
        while [ "$rest" != "${rest#*[.,;:!?]}" ]; do
          rest="${rest#*[.,;:!?]}"
          count=$((count + 1))
        done
        cp "$here/clauses-$count.wav" "$2"
        """
            .formatted(body));
  }

  /// Writes the program into a folder.
  public FakeSpeech(Path folder) throws IOException {
    this(folder, "");
  }

  private static Audio audio(int clauses) {
    double period = BURST + SILENCE;
    float[] samples = new float[(int) Math.round((clauses * period + SILENCE) * RATE)];
    for (int i = 0; i < samples.length; i++) {
      double at = (double) i / RATE % period;
      if (at >= SILENCE) {
        samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * 220 * i / RATE));
      }
    }
    return new Audio(samples, RATE);
  }

  /// Returns the command that a user would give.
  public String command() {
    return "/bin/sh '%s' {text} {out} {voice}".formatted(script);
  }

  /// Returns what was spoken so far.
  public List<String> texts() throws IOException {
    Path texts = folder.resolve("texts");
    return Files.exists(texts) ? Files.readAllLines(texts) : List.of();
  }
}
