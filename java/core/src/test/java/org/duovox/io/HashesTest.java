package org.duovox.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashesTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2, B.1

  @Test
  void knownAnswer(@TempDir Path folder) throws Exception {
    assertEquals(ABC, Hashes.sha256("abc"));
    assertEquals(ABC, Hashes.sha256(new byte[] {'a', 'b', 'c'}));
    assertEquals(ABC, Hashes.sha256(Files.writeString(folder.resolve("f"), "abc")));
  }

  @Test
  void partsDoNotRunIntoEachOther() {
    String left = Hashes.builder().add("ab").add("c").finish();
    assertNotEquals(left, Hashes.builder().add("a").add("bc").finish());
    assertEquals(left, Hashes.builder().add("ab").add(new byte[] {'c'}).finish());
  }

  @Test
  void suggestionsAreNearAndNeverFar() {
    List<String> known = List.of("pretrain", "quantize", "features");
    assertEquals(Optional.of("quantize"), Suggestions.nearest("Quantise", known));
    assertEquals(Optional.empty(), Suggestions.nearest("ssimi", known));
  }
}
