package org.duovox.io.atomic;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void writesAndReplaces() throws IOException {
    Path target = folder.resolve("new/deeper/a.txt");
    AtomicFiles.write(target, "one");
    AtomicFiles.write(target, "zwei\u00fc");
    assertEquals("zwei\u00fc", Files.readString(target));
    assertEquals(List.of("a.txt"), names(target.getParent()));
  }

  @Test
  void aFailureLeavesTheOldContentAndNoLitter() throws IOException {
    Path target = folder.resolve("a.txt");
    AtomicFiles.write(target, "old");
    assertFails(
        Kind.IO,
        () ->
            AtomicFiles.write(
                target,
                stream -> {
                  stream.write(new byte[100_000]);
                  throw new IOException("disk on fire");
                }),
        "a.txt",
        "disk on fire");
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFiles.write(
                target,
                stream -> {
                  throw new IllegalStateException();
                }));
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("a.txt"), names(folder));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path real = Files.writeString(folder.resolve("real.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), real);
    AtomicFiles.write(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real));
  }

  @Test
  void aDeviceIsWrittenNotReplaced() {
    Path device = Path.of("/dev/null");
    AtomicFiles.write(device, "x");
    assertFalse(Files.isRegularFile(device));
  }

  @Test
  void aPipeIsRefusedAndALinkToAnOpenFileWritten() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.write(pipe, "x"), "pipe", "/dev/stdout");
    assertTrue(AtomicFiles.isSpecial(pipe));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/stderr"));
    assertTrue(AtomicFiles.isSpecial(link));
    AtomicFiles.requireNoPipe(link);
  }

  @Test
  void aLinkToNothingIsCalledThat() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    String words = "link to " + folder.resolve("nothing") + ", which does not exist";
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.write(link, "x"), words);
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.createDirectory(link), words);
    assertFails(
        Kind.CANNOT_CREATE, () -> AtomicFiles.write(link.resolve("a"), "x"), "not a folder");
  }

  @Test
  void anImpossibleTargetIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.write(file.resolve("a.txt"), "x"), "file");
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.write(folder, "x"), "is a folder");
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.createDirectory(file), "a file of that name");
    assertFails(Kind.CANNOT_CREATE, () -> AtomicFiles.createDirectory(file.resolve("out")), "file");
    assertFails(
        Kind.CANNOT_CREATE, () -> AtomicFiles.write(Path.of("/proc/nothing/x"), "x"), "/proc");
  }

  @Test
  void aFolderAppearsOnlyWhenCommitted() throws IOException {
    Path target = folder.resolve("out");
    try (PendingDirectory pending = AtomicFiles.createDirectory(target)) {
      Files.writeString(pending.path().resolve("a"), "1");
      Files.createDirectory(pending.path().resolve("sub"));
      Files.writeString(pending.path().resolve("sub/b"), "2");
      assertFalse(Files.exists(target));
      pending.commit();
      assertThrows(IllegalStateException.class, pending::commit);
    }
    assertEquals("2", Files.readString(target.resolve("sub/b")));
    assertEquals(List.of("out"), names(folder));
  }

  @Test
  void anUncommittedFolderIsRemoved() throws IOException {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder.resolve("out"))) {
      Files.createDirectories(pending.path().resolve("sub/deeper"));
    }
    assertEquals(List.of(), names(folder));
  }

  @Test
  void ourOwnFolderIsReplacedWhole() throws IOException {
    Path target = folder.resolve("out");
    publish(target, "first");
    publish(target, "second");
    assertEquals(List.of(PendingDirectory.MARKER, "second"), names(target));
    assertEquals(List.of("out"), names(folder));
  }

  @Test
  void aFolderWithFilesOfOthersIsRefused() throws IOException {
    Path target = folder.resolve("out");
    publish(target, "ours");
    Files.writeString(target.resolve("thesis.tex"), "years of work");
    assertFails(
        Kind.CANNOT_CREATE, () -> AtomicFiles.createDirectory(target), "thesis.tex", "choose");
    Path theirs = Files.createDirectory(folder.resolve("home"));
    publish(theirs, "a"); // Empty: fine.
    assertTrue(Files.exists(theirs.resolve("a")));
  }

  private static void publish(Path target, String name) throws IOException {
    try (PendingDirectory pending = AtomicFiles.createDirectory(target)) {
      Files.writeString(pending.path().resolve(name), "x");
      pending.commit();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
