package org.duovox.cli.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.duovox.cli.Cli;
import org.duovox.cli.console.HomeFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {
  @TempDir private Path home;
  private String before;

  @BeforeEach
  void useAHomeOfItsOwn() {
    assumeTrue(FetchCommand.onPath("python3").isPresent(), "python3 is not on PATH");
    before = System.getProperty(HomeFolder.PROPERTY);
    System.setProperty(HomeFolder.PROPERTY, home.toString());
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(HomeFolder.PROPERTY);
    } else {
      System.setProperty(HomeFolder.PROPERTY, before);
    }
  }

  private void script(String body) throws IOException {
    Path script = home.resolve("scripts/fetch");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void passesOptionsAndExitCodeOn() throws IOException {
    script("echo \"$@\" > \"$(dirname \"$0\")/words\"\nexit 73\n");
    Cli result =
        Cli.run("fetch", "speech-embedding", "--check", "--cache", "c", "--find-links", "w");
    assertEquals(73, result.code());
    assertEquals(
        "speech-embedding --check --cache c --find-links w\n",
        Files.readString(home.resolve("scripts/words")));
  }

  @Test
  void jsonIsWhatTheScriptSays() throws IOException {
    script("echo '{\"name\": \"cuda\", \"found\": false}'\nexit 69\n");
    Cli result = Cli.run("fetch", "cuda", "--json");
    assertEquals(69, result.code());
    assertEquals("cuda", result.json().path("name").asString());
  }

  @Test
  void aMissingScriptIsNamed() {
    Cli result = Cli.run("fetch", "libtorch");
    assertEquals(69, result.code());
    assertTrue(result.err().contains("scripts/fetch"), result.err());
  }

  @Test
  void onlyKnownThingsAreFetched() {
    Cli result = Cli.run("fetch", "libtroch");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("speech-embedding"), result.err());
  }
}
