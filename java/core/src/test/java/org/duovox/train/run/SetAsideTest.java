package org.duovox.train.run;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetAsideTest {
  @TempDir private Path folder;

  @Test
  void aRunIsRenamedAndNeverDeleted() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    assertFalse(RunFolder.isRun(run));
    Files.writeString(run.resolve("train.json"), "first");
    assertTrue(RunFolder.isRun(run));
    assertEquals(folder.resolve("run.replaced-1"), RunFolder.setAside(run));
    Files.createDirectory(run);
    Files.writeString(run.resolve("train.json"), "second");
    assertEquals(folder.resolve("run.replaced-2"), RunFolder.setAside(run));
    assertEquals("first", Files.readString(folder.resolve("run.replaced-1/train.json")));
    assertEquals("second", Files.readString(folder.resolve("run.replaced-2/train.json")));
  }

  @Test
  void aRunThatTrainsStaysWhereItIs() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("train.json"), "{}");
    RunLock lock = RunLock.take(run, true);
    try {
      assertFails(Kind.CANNOT_CREATE, () -> RunFolder.setAside(run), "another process trains");
    } finally {
      lock.close();
    }
    assertTrue(RunFolder.isRun(run));
  }
}
