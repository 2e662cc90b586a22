package org.duovox.speech.encoders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.onnx.TinyOnnx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodersTest {
  @Test
  void aFolderWithAConfigIsAnEncoder(@TempDir Path folder) throws IOException {
    TinyOnnx.write(folder);
    Files.writeString(
        folder.resolve("encoder.json"), TinyOnnx.freed(TinyOnnx.INNER_LAYER, TinyOnnx.OUTER_LAYER));
    try (Encoder encoder = Encoders.open(folder.toString(), 2)) {
      assertEquals("tiny", encoder.name());
      assertEquals(2, encoder.parallelism());
      assertEquals(2, encoder.select("all").size());
      assertEquals("outer", encoder.select("outer").getFirst().name());
      assertEquals(
          List.of("outer", "inner"),
          encoder.select("outer, inner").stream().map(Layer::name).toList());
      DuovoxException e = assertThrows(DuovoxException.class, () -> encoder.select("inmer"));
      assertTrue(e.getMessage().contains("did you mean \"inner\""), e.getMessage());
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNames() {
    DuovoxException e =
        assertThrows(DuovoxException.class, () -> Encoders.open("speech-embeding", 1).close());
    assertTrue(e.getMessage().contains("did you mean speech-embedding?"), e.getMessage());
    assertTrue(e.getMessage().contains("logmel"), e.getMessage());
  }

  @Test
  void aFolderWithoutConfigIsNamed(@TempDir Path folder) {
    DuovoxException e =
        assertThrows(DuovoxException.class, () -> Encoders.open(folder.toString(), 1).close());
    assertTrue(e.getMessage().contains("encoder.json"), e.getMessage());
  }
}
