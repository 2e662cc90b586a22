package org.duovox.audio.decode;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The packaged FFmpeg starts in containers and on compute nodes too, and stays a child process.
class FfmpegProgramTest {
  @Test
  void needsNoLibraryOfADesktop() throws IOException {
    ProcessBuilder builder = FfmpegProgram.get().command(List.of());
    builder.environment().put("LD_TRACE_LOADED_OBJECTS", "1"); // as ldd does
    Process process = builder.redirectErrorStream(true).start();
    String libraries = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(libraries.contains("libavformat"), libraries);
    for (String absent : List.of("libpulse", "libasound", "libxcb", "not found")) {
      assertFalse(libraries.contains(absent), libraries);
    }
  }

  @Test
  void isNotLoadedIntoTheJvm() throws IOException {
    FfmpegProgram.get();
    assertFalse(Files.readString(Path.of("/proc/self/maps")).contains("libav"));
  }
}
