package org.duovox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.duovox.Versions;
import org.duovox.io.atomic.AtomicFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two builds of one development version have two identities, and a rebuild has the same identity.
final class BuildIdentityTest {
  private static final String DEVELOPMENT = "0.2.0-SNAPSHOT";

  @TempDir Path folder;

  @Test
  void aReleaseIsItsVersion() {
    assertEquals("0.2.0", BuildIdentity.of("0.2.0", List.of(folder)));
  }

  @Test
  void aRebuildOfTheSameSourcesIsTheSameBuild() {
    String first = BuildIdentity.of(DEVELOPMENT, build("a", "class A", "native"));
    assertTrue(first.matches("0\\.2\\.0-SNAPSHOT\\+[0-9a-f]{12}"), first);
    assertEquals(first, BuildIdentity.of(DEVELOPMENT, build("b", "class A", "native")));
  }

  @Test
  void otherClassesOrAnotherNativeLibraryAreAnotherBuild() {
    String first = BuildIdentity.of(DEVELOPMENT, build("a", "class A", "native"));
    assertNotEquals(first, BuildIdentity.of(DEVELOPMENT, build("b", "class B", "native")));
    assertNotEquals(first, BuildIdentity.of(DEVELOPMENT, build("c", "class A", "faster")));
    List<Path> renamed = build("d", "class A", "native");
    AtomicFiles.write(renamed.getFirst().resolve("org/B.class"), "");
    assertNotEquals(first, BuildIdentity.of(DEVELOPMENT, renamed));
  }

  @Test
  void whatRunsHereHasOne() {
    assertTrue(BuildIdentity.here().startsWith(Versions.DUOVOX));
    boolean development = Versions.DUOVOX.endsWith("-SNAPSHOT");
    assertEquals(development, BuildIdentity.here().contains("+"));
  }

  private List<Path> build(String name, String code, String library) {
    Path classes = folder.resolve(name).resolve("classes");
    AtomicFiles.write(classes.resolve("org/A.class"), code);
    AtomicFiles.write(classes.resolve("a.properties"), "x");
    Path file = folder.resolve(name).resolve("lib.so");
    AtomicFiles.write(file, library);
    return List.of(classes, file);
  }
}
