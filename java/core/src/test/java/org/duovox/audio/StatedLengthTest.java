package org.duovox.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.duovox.audio.decode.LengthWarnings;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sample counts of a fairseq `.tsv` that are not those of the files are remarked on.
class StatedLengthTest {
  @TempDir Path folder;

  private List<String> remarks(String... lines) throws Exception {
    Path tsv = Files.writeString(folder.resolve("m.tsv"), ".\n" + String.join("\n", lines) + "\n");
    List<String> remarks = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            remarks.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(LengthWarnings.class.getName());
    logger.addHandler(handler);
    try {
      AudioLoader loader = AudioLoader.standard();
      for (Utterance utterance : Manifest.read(tsv).utterances()) {
        assertEquals(16_000, loader.load(utterance).samples().length);
        loader.stream(utterance, samples -> {});
      }
    } finally {
      logger.removeHandler(handler);
    }
    return remarks;
  }

  private String wav(String name, long stated) throws Exception {
    TestWav.of(1, 16, 1, 8_000).pcm16(new int[8_000]).write(folder.resolve(name));
    return name + "\t" + stated;
  }

  @Test
  void countsNearTheFilesOwnAreFine() throws Exception {
    assertEquals(List.of(), remarks(wav("a.wav", 8_000), wav("b.wav", 7_200), wav("c.wav", 8_800)));
  }

  @Test
  void countsFarOffAreNamedOnceAndAFew() throws Exception {
    List<String> one = remarks(wav("a.wav", 8_000), wav("b.wav", 1));
    assertEquals(1, one.size(), one.toString());
    assertTrue(one.getFirst().contains("b.wav: has 8000 samples, the manifest says 1;"), one + "");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      lines.add(wav(i + ".wav", 16_000));
    }
    List<String> many = remarks(lines.toArray(String[]::new));
    assertEquals(6, many.size(), many.toString());
    assertTrue(many.getLast().startsWith("further files"), many.getLast());
  }
}
