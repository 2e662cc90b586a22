package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The cache is where the scripts put it.
class CacheDirectoryTest {
  @Test
  void followsTheEnvironmentAsTheScriptsDo() {
    assertEquals(Path.of("/x/duovox"), CacheDirectory.path("/x", "/h"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path(null, "/h"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path("relative", "/h"));
    assertEquals(Path.of("/h/.cache/duovox"), CacheDirectory.path("", "/h"));
  }

  @Test
  void withoutAHomeJavaKnowsOne() {
    Path expected = Path.of(System.getProperty("user.home"), ".cache", "duovox");
    assertEquals(expected, CacheDirectory.path(null, null));
  }
}
