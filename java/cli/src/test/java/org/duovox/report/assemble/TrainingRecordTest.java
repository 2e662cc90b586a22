package org.duovox.report.assemble;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read of a run while another process writes there, or after an editor has.
class TrainingRecordTest {
  @TempDir Path folder;

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  @Test
  void aLineThatIsBeingWrittenIsLeftOut() throws IOException {
    write("train.json", "\uFEFF{\"steps\": 5}".getBytes(StandardCharsets.UTF_8));
    write("metrics.jsonl", "\uFEFF".getBytes(StandardCharsets.UTF_8));
    // The last byte is the first of a character of two.
    byte[] said = "warning: one\nwarning: \u00e4".getBytes(StandardCharsets.UTF_8);
    write("console.log", Arrays.copyOf(said, said.length - 1));
    TrainingRecord run = TrainingRecord.read(folder);
    assertEquals(5, run.stepsPlanned());
    assertEquals(List.of(), run.lines());
    assertEquals(List.of("one"), run.notes());
    write("metrics.jsonl", "\n{\"step\": 1}\n".getBytes(StandardCharsets.UTF_8));
    DuovoxException e = assertThrows(DuovoxException.class, () -> TrainingRecord.read(folder));
    assertTrue(e.getMessage().contains("metrics.jsonl:2"), e.getMessage());
  }
}
