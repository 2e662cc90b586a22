package org.duovox.audio.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Assumptions;

/// FFmpeg as a writer of files for tests, which are skipped where there is none.
final class TestFfmpeg {
  private TestFfmpeg() {}

  /// Skips the calling test where FFmpeg is not there.
  static void assume() {
    try {
      FfmpegProgram.get();
    } catch (DuovoxException e) {
      Assumptions.abort("SKIPPED: " + e.getMessage());
    }
  }

  /// Encodes a file into another one, of the format that its name or the options say.
  static Path encode(Path from, Path to, String... options) throws Exception {
    assume();
    List<String> arguments = new ArrayList<>(List.of("-v", "error", "-y", "-i", from.toString()));
    Collections.addAll(arguments, options);
    arguments.add(to.toString());
    assertEquals(0, FfmpegProgram.get().command(arguments).inheritIO().start().waitFor());
    return to;
  }
}
