package org.duovox.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Makes named pipes, which Java cannot.
public final class NamedPipe {
  private NamedPipe() {}

  /// Makes one, skipping the calling test where there is no program for it.
  public static Path make(Path pipe) throws InterruptedException {
    try {
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    } catch (IOException e) {
      Assumptions.abort("SKIPPED: no mkfifo");
    }
    return pipe;
  }
}
