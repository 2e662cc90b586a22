package org.duovox.cli.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duovox.cli.Cli;
import org.duovox.cli.machine.Finding.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {
  @TempDir private Path folder;

  @Test
  void tellsWhatIsThereAndWhatIsNot() {
    Cli result = Cli.run("doctor", "--json");
    JsonNode json = result.json();
    assertEquals(json.path("ok").asBoolean() ? 0 : 69, result.code());
    Set<String> names = new HashSet<>();
    for (JsonNode finding : json.path("findings")) {
      names.add(finding.path("name").asString());
      if (finding.path("status").asString().equals("MISSING")) {
        assertTrue(!finding.path("remedy").asString().isEmpty(), finding.toString());
      }
    }
    assertTrue(
        names.containsAll(
            List.of(
                "JDK",
                "native library",
                "libtorch",
                "its companions",
                "CUDA",
                "speech-embedding",
                "ONNX Runtime",
                "FFmpeg",
                "flite",
                "espeak-ng",
                "CPU",
                "memory",
                "disk, cache",
                "open files",
                "cache")),
        names.toString());
  }

  @Test
  void printsATable() {
    Cli result = Cli.run("doctor");
    assertTrue(result.out().startsWith("ok"), result.out());
    assertTrue(result.out().contains(Runtime.version().toString()), result.out());
  }

  @Test
  void warnsOfFaultyReleases() {
    assertEquals(Status.WARNING, HostFindings.java(Runtime.Version.parse("25"), "").status());
    assertEquals(
        Status.WARNING, HostFindings.java(Runtime.Version.parse("25.0.2+10"), "").status());
    assertEquals(Status.OK, HostFindings.java(Runtime.Version.parse("25.0.3+9"), "").status());
    assertEquals(Status.OK, HostFindings.java(Runtime.Version.parse("22.0.1"), "").status());
    assertEquals(Status.OK, HostFindings.java(Runtime.Version.parse("26"), "").status());
  }

  @Test
  void aDamagedModelFileIsFound() throws IOException {
    assertTrue(DownloadFindings.speechEmbedding(folder).found().startsWith("no "));
    Files.writeString(folder.resolve("melspectrogram.onnx"), "x");
    Files.writeString(folder.resolve("embedding_model.onnx"), "x");
    Finding finding = DownloadFindings.speechEmbedding(folder);
    assertEquals(Status.MISSING, finding.status());
    assertTrue(finding.found().contains("another SHA-256"), finding.found());
    assertTrue(finding.remedy().contains("fetch speech-embedding"), finding.remedy());
  }
}
