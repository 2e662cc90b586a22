package org.duovox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DuovoxExceptionTest {
  @Test
  void kindsHaveTheDocumentedExitCodes() {
    assertEquals(
        List.of(2, 65, 66, 69, 70, 73, 74, 75, 76, 78),
        Arrays.stream(Kind.values()).map(Kind::exitCode).collect(Collectors.toList()));
  }

  @Test
  void saysInPlainWordsWhyTheFileSystemRefused() {
    IOException denied = new AccessDeniedException("/a/b");
    assertTrue(
        DuovoxException.io("cannot write x", denied)
            .getMessage()
            .contains("permission denied for /a/b"));
    IOException full = new FileSystemException("/a/b", null, "No space left on device");
    DuovoxException e = DuovoxException.io("cannot write x", full);
    assertTrue(e.getMessage().contains("no space left on the device"));
    assertEquals(Kind.IO, e.kind());
    IOException readOnly = new FileSystemException("/a/b", null, "Read-only file system");
    assertTrue(
        DuovoxException.cannotCreate("cannot create x", readOnly)
            .getMessage()
            .contains("read-only"));
  }

  @Test
  void anExceptionWithoutMessageIsNamed() {
    assertEquals(
        "cannot read x: IOException",
        DuovoxException.io("cannot read x", new IOException()).getMessage());
  }

  @Test
  void versionEqualsTheOneOfTheBuild() throws IOException {
    Path pom = Path.of("pom.xml");
    Assumptions.assumeTrue(Files.exists(pom), "SKIPPED: not run by Maven");
    assertTrue(Files.readString(pom).contains("<version>" + Versions.DUOVOX + "</version>"));
    assertTrue(Versions.describe().contains(Versions.DUOVOX));
  }

  @Test
  void anInterruptedWriteIsNoFaultOfTheFile() {
    DuovoxException e =
        DuovoxException.io("cannot write x", new java.nio.channels.ClosedByInterruptException());
    assertEquals(DuovoxException.Kind.RETRY, e.kind());
    assertEquals("cannot write x: interrupted; run the command again", e.getMessage());
  }

  @Test
  void limitsOfTheSystemAreNamed() {
    assertTrue(
        DuovoxException.reason(new IOException("error=24, Too many open files"))
            .contains("ulimit -n"));
    assertTrue(
        DuovoxException.reason(new FileSystemException("f", null, "File too large"))
            .contains("ulimit -f"));
  }
}
