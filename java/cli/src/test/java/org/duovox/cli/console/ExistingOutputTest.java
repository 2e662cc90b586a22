package org.duovox.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the description of outputs that exist already.
class ExistingOutputTest {
  @TempDir Path folder;

  private String units(String encoder, String layer) throws IOException {
    Files.writeString(
        folder.resolve("manifest.json"),
        "{\"format\": \"duovox-units\", \"encoder\": \"%s\", \"layer\": \"%s\", \"vocabulary\": 4}"
            .formatted(encoder, layer));
    return ExistingOutput.describe(folder).replaceAll(" codes.*", " codes");
  }

  @Test
  void unitsOfUnknownOriginAreOfNothing() throws IOException {
    assertEquals("a unit set, 4 codes", units("", ""));
    assertEquals("a unit set of hubert, 4 codes", units("hubert", ""));
    assertEquals("a unit set of hubert layer.6, 4 codes", units("hubert", "layer.6"));
  }
}
