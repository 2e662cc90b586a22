package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cache is where the scripts put it.
class CacheDirectoryTest {
  @TempDir private Path folder;

  @Test
  void followsTheEnvironmentAsTheScriptsDo() {
    assertEquals(Path.of("/x/duovox"), CacheDirectory.path("/x", "/h", "/r"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path(null, "/h", "/r"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path("relative", "/h", "/r"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path("", "/h", "/r"));
    assertEquals(Path.of("/.cache/duovox"), CacheDirectory.path("", "/", "/r"));
  }

  @Test
  void withoutHomeTheRecordedOneIsTaken() {
    for (String home : new String[] {null, "", "relative", "~", "?"}) {
      assertEquals(Path.of("/r/.cache/duovox"), CacheDirectory.path(null, home, "/r"));
    }
  }

  @Test
  void withoutAnyHomeTheVariablesAreNamed() {
    for (String recorded : new String[] {null, "", "?", "/"}) {
      assertFails(
          Kind.UNAVAILABLE,
          () -> CacheDirectory.path("relative", null, recorded),
          "no home folder is known",
          "set HOME or XDG_CACHE_HOME");
    }
  }

  @Test
  void aHomeThatLostBytesIsRefused() {
    assertFails(
        Kind.UNAVAILABLE, () -> CacheDirectory.path(null, "/h\uFFFDm", "/r"), "HOME", "not UTF-8");
  }

  @Test
  void aCacheThatCannotBeMadeNamesTheVariable() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(
        Kind.UNAVAILABLE,
        () -> CacheDirectory.create(file, "javacpp"),
        file.toString(),
        "set XDG_CACHE_HOME");
  }
}
