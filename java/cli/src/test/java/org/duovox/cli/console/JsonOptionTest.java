package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.cli.Cli;
import org.duovox.io.json.Json;
import org.duovox.recipe.Results;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonOptionTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeResults() {
    Results.of("toy", java.util.List.of()).write(folder);
  }

  @Test
  void aWordOfTheVerbIsNotTakenForTheFile() throws IOException {
    Path results = folder.resolve("results.json");
    String before = Files.readString(results);
    Cli result = Cli.ok("report", "--json", folder);
    assertTrue(result.json().path("report").asString().endsWith("report.html"), result.out());
    assertEquals(before, Files.readString(results));
  }

  @Test
  void aFileMayFollowOrBeAttached() {
    Path file = folder.resolve("told.json");
    Path attached = folder.resolve("attached");
    assertTrue(Cli.ok("report", "--json", file, folder).out().startsWith("wrote "));
    Cli.ok("report", folder, "--json=" + attached);
    assertEquals(Json.tree(file), Json.tree(attached));
  }

  @Test
  void aFileThatCannotBeWrittenIsAnError() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "x").resolve("told.json");
    assertEquals(73, Cli.run("report", folder, "--json", blocked).code());
  }
}
