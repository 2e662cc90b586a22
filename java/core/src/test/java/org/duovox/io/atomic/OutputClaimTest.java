package org.duovox.io.atomic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes with one output: whoever is late touches nothing and loses nothing.
class OutputClaimTest {
  @TempDir private Path folder;

  @Test
  void aFolderThatAppearedMeanwhileStays() throws IOException {
    Path out = folder.resolve("out");
    try (OutputClaim claim = OutputClaim.of(out, false);
        PendingDirectory late = AtomicFiles.createDirectory(out)) {
      Files.writeString(late.path().resolve("a"), "late");
      publishElsewhere(out, "first");
      DuovoxException failure = assertThrows(DuovoxException.class, late::commit);
      assertEquals(Kind.CANNOT_CREATE, failure.kind());
      assertTrue(failure.getMessage().contains("out.unpublished"), failure.getMessage());
      assertFalse(OutputClaim.isTaken(folder.resolve("nothing")), claim.toString());
    }
    assertEquals("first", Files.readString(out.resolve("a")));
    assertEquals("late", Files.readString(folder.resolve("out.unpublished/a")));
    assertEquals(List.of("out", "out.unpublished"), names());
  }

  @Test
  void aFileThatAppearedMeanwhileStays() throws IOException {
    Path out = folder.resolve("out.safetensors");
    try (OutputClaim claim = OutputClaim.of(out, false);
        SafetensorsWriter late = Safetensors.create(out, Map.of())) {
      late.add("x", new long[] {1}, new float[] {2});
      Files.writeString(out, "first");
      DuovoxException failure = assertThrows(DuovoxException.class, late::commit);
      assertEquals(Kind.CANNOT_CREATE, failure.kind(), claim.toString());
    }
    assertEquals("first", Files.readString(out));
    try (SafetensorsFile kept = Safetensors.open(folder.resolve("out.safetensors.unpublished"))) {
      assertEquals(2, kept.floats("x")[0]);
    }
    assertEquals(2, names().size());
  }

  @Test
  void evenWithLeaveToReplaceOnlyWhatStoodThereIsReplaced() throws IOException {
    Path out = folder.resolve("out");
    publishElsewhere(out, "old");
    Files.writeString(out.resolve("b"), "tells the old one from the first, whatever its inode");
    try (OutputClaim claim = OutputClaim.of(out, true);
        PendingDirectory late = AtomicFiles.createDirectory(folder.resolve("elsewhere"))) {
      Files.writeString(late.path().resolve("a"), "late");
      AtomicFiles.discard(out);
      publishElsewhere(out, "first");
      assertThrows(
          DuovoxException.class,
          () -> PendingDirectory.publish(late.path(), out),
          claim.toString());
    }
    assertEquals("first", Files.readString(out.resolve("a")));
  }

  @Test
  void withLeaveToReplaceItIsReplaced() throws IOException {
    Path out = folder.resolve("out");
    publishElsewhere(out, "old");
    Path file = Files.writeString(folder.resolve("file"), "old");
    try (OutputClaim one = OutputClaim.of(out, true);
        OutputClaim two = OutputClaim.of(file, true);
        PendingDirectory pending = AtomicFiles.createDirectory(out)) {
      Files.writeString(pending.path().resolve("a"), "new");
      pending.commit();
      AtomicFiles.write(file, "new");
      assertTrue(OutputClaim.isTaken(out), one.toString() + two);
    }
    assertEquals("new", Files.readString(out.resolve("a")));
    assertEquals("new", Files.readString(file));
  }

  @Test
  void withoutLeaveNothingThatStoodThereIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    try (OutputClaim claim = OutputClaim.of(file, false)) {
      assertThrows(DuovoxException.class, () -> AtomicFiles.write(file, "new"), claim.toString());
    }
    assertEquals("old", Files.readString(file));
  }

  @Test
  void aLinkToAFolderIsFollowed() throws IOException {
    Path real = folder.resolve("real");
    publishElsewhere(real, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (OutputClaim claim = OutputClaim.of(link, false)) {
      assertTrue(OutputClaim.isTaken(link), claim.toString());
    }
    publishElsewhere(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real.resolve("a")));
  }

  /// What another process does, which has claims of its own.
  private static void publishElsewhere(Path out, String text) throws IOException {
    Path place = Files.isSymbolicLink(out) ? out : out.resolveSibling("other");
    try (PendingDirectory other = AtomicFiles.createDirectory(place)) {
      Files.writeString(other.path().resolve("a"), text);
      other.commit();
    }
    if (!place.equals(out)) {
      Files.move(place, out);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
