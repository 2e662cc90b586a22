package org.duovox.io.atomic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.duovox.testing.Jvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a killed process leaves, with real processes.
class LeftoversTest {
  @TempDir private Path folder;

  /// Begins two outputs in a folder, moves a third one aside, and waits for ever.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      String more = args[1];
      Files.writeString(AtomicFiles.temporarySibling(folder.resolve("file" + more)), "x");
      PendingDirectory pending = AtomicFiles.createDirectory(folder.resolve("out" + more));
      AtomicFiles.write(pending.path().resolve("sub/a"), "x");
      Path old = folder.resolve("old" + more);
      if (Files.exists(old)) {
        Temporaries.moveAside(old);
      }
      System.out.println("ready");
      int end = System.in.read(); // Nobody writes there.
      throw new IOException(pending.path() + " is given up: " + end);
    }
  }

  private Jvm writer() throws IOException {
    return writer("");
  }

  private Jvm writer(String more) throws IOException {
    Jvm writer = Jvm.start(List.of("-XX:TieredStopAtLevel=1"), Writer.class, folder, more);
    assertEquals("ready", writer.line());
    return writer;
  }

  @Test
  void whatAKilledProcessLeftIsRemoved() throws IOException {
    try (Jvm writer = writer()) {
      writer.kill();
    }
    assertEquals(3, names().size(), names() + "");
    Leftovers.remove(folder);
    assertEquals(List.of(), names());
  }

  @Test
  void theNextOutputInTheFolderDoesIt() throws IOException {
    try (Jvm writer = writer()) {
      writer.kill();
    }
    AtomicFiles.write(folder.resolve("next"), "x");
    assertEquals(List.of("next"), names());
  }

  @Test
  void whatALiveProcessWritesStays() throws IOException {
    try (Jvm dead = writer();
        Jvm live = writer()) {
      dead.kill();
      List<String> before = names();
      Leftovers.remove(folder);
      assertEquals(3, names().size(), before + "");
      assertTrue(names().stream().allMatch(name -> name.contains("" + live.process().pid())));
      live.kill();
      Leftovers.remove(folder);
      assertEquals(List.of(), names());
    }
  }

  @Test
  void anOutputThatWasMovedAsideComesBackUnlessANewOneStands() throws IOException {
    Path old = folder.resolve("old");
    Files.writeString(old, "all that the user has");
    try (Jvm writer = writer()) {
      writer.kill();
    }
    assertFalse(Files.exists(old));
    Leftovers.remove(folder);
    assertEquals("all that the user has", Files.readString(old));
    try (Jvm writer = writer()) {
      writer.kill();
    }
    Files.writeString(old, "new");
    Leftovers.remove(folder);
    assertEquals("new", Files.readString(old));
    assertEquals(List.of("old"), names());
  }

  @Test
  void namesAsLongAsTheFileSystemTakesAreNoneTheWorse() throws IOException {
    String more = "x".repeat(251);
    Path old = Files.createDirectory(folder.resolve("old" + more));
    Files.writeString(old.resolve("a"), "all that the user has");
    try (Jvm writer = writer(more)) {
      writer.kill();
    }
    assertFalse(Files.exists(old));
    assertEquals(4, names().size(), names() + "");
    Leftovers.remove(folder);
    assertEquals(List.of("old" + more), names());
    assertEquals("all that the user has", Files.readString(old.resolve("a")));
  }

  @Test
  void ownTemporariesStayAndTheirMarkGoesWithTheLast() throws IOException {
    Path one = AtomicFiles.temporarySibling(folder.resolve("a"));
    Path two = AtomicFiles.temporarySibling(folder.resolve("b"));
    Files.writeString(one, "x");
    Files.writeString(two, "y");
    Leftovers.remove(folder);
    assertEquals(3, names().size(), names() + "");
    AtomicFiles.publish(one, folder.resolve("a"));
    AtomicFiles.discard(two);
    assertEquals(List.of("a"), names());
  }

  @Test
  void onASharedFileSystemAMarkOfAnotherMachineProvesNothing() {
    assertTrue(OwnerMark.canTell("this boot", "this boot", "nfs4"));
    assertTrue(OwnerMark.canTell("an earlier boot", "this boot", "ext4"));
    assertFalse(OwnerMark.canTell("another machine", "this boot", "nfs4"));
    assertFalse(OwnerMark.canTell("another machine", "this boot", "fuse.sshfs"));
    assertFalse(OwnerMark.canTell("", "", "nfs4"));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
