package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.io.atomic.AtomicFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class FolderAccessTest {
  @TempDir Path folder;
  private Path closed;

  @BeforeEach
  void close() throws IOException {
    closed = Files.createDirectories(folder.resolve("closed/inner")).getParent();
    mode("---------");
  }

  @AfterEach
  void open() throws IOException {
    mode("rwx------");
  }

  private void mode(String mode) throws IOException {
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString(mode));
  }

  @Test
  void aFolderThatMayNotBeLookedIntoIsNamed() {
    assumeFalse(Files.isExecutable(closed), "root may look into everything");
    for (Path path : new Path[] {closed, closed.resolve("inner/manifest.json")}) {
      DuovoxException error =
          assertThrows(DuovoxException.class, () -> FolderAccess.requireOpen(path));
      assertEquals(Kind.MISSING_INPUT, error.kind());
      assertTrue(
          error.getMessage().startsWith("cannot look into " + closed + ": permission denied"),
          error.getMessage());
    }
  }

  @Test
  void readersDoNotCallMissingWhatTheyMayNotLookFor() {
    assumeFalse(Files.isExecutable(closed), "root may look into everything");
    Path inner = closed.resolve("inner");
    for (Executable reader :
        List.<Executable>of(
            () -> Manifest.read(inner.resolve("manifest.jsonl")),
            () -> AudioLoader.standard().load(inner.resolve("one.wav")))) {
      DuovoxException error = assertThrows(DuovoxException.class, reader);
      assertTrue(error.getMessage().contains("cannot look into " + closed), error.getMessage());
    }
  }

  @Test
  void nothingIsCreatedWhereThisUserMayNotWrite() throws IOException {
    assumeFalse(Files.isExecutable(closed), "root may write everywhere");
    for (String mode : new String[] {"---------", "r-x------", "rw-------"}) {
      mode(mode);
      DuovoxException error =
          assertThrows(
              DuovoxException.class, () -> AtomicFiles.requirePlace(closed.resolve("new/out.txt")));
      assertEquals(Kind.CANNOT_CREATE, error.kind());
      assertTrue(
          error.getMessage().contains("permission denied for " + closed), error.getMessage());
    }
  }

  @Test
  void whatIsNotThereIsLeftToWhoeverLooksForIt() {
    FolderAccess.requireOpen(folder.resolve("gone/manifest.json"));
    AtomicFiles.requirePlace(folder.resolve("gone/out.txt"));
  }
}
