package org.duovox.speech.encoders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.junit.jupiter.api.Test;

class LogMelEncoderTest {
  @Test
  void framesOfATonePeakAtItsBand() {
    float[] tone = new float[16_000];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = (float) Math.sin(2 * Math.PI * 1000 * i / 16_000);
    }
    try (Encoder encoder = new LogMelEncoder(1)) {
      Layer layer = encoder.layer("logmel");
      assertEquals(10.0, layer.intervalMs());
      assertEquals(12.5, layer.offsetMs());
      Frames frames = encoder.encode(tone, List.of("logmel")).get("logmel");
      assertEquals(98, frames.frames());
      int peak = 0;
      for (int i = 1; i < layer.width(); i++) {
        if (frames.values()[i] > frames.values()[peak]) {
          peak = i;
        }
      }
      // Slaney's scale is linear to 1 kHz: about a third of the way up to 8 kHz.
      assertTrue(peak > 20 && peak < 35, "band " + peak);
    }
  }

  @Test
  void lessThanAWindowIsTooShort() {
    try (Encoder encoder = new LogMelEncoder(1)) {
      assertEquals(400, encoder.minimumSamples(List.of("logmel")));
      assertEquals(1, encoder.encode(new float[400], List.of("logmel")).get("logmel").frames());
      assertThrows(DuovoxException.class, () -> encoder.encode(new float[399], List.of("logmel")));
    }
  }
}
