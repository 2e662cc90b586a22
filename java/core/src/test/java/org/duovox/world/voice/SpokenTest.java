package org.duovox.world.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.duovox.world.voice.Spoken.Span;
import org.junit.jupiter.api.Test;

final class SpokenTest {
  @Test
  void silenceIsAddedAtEveryPause() {
    float[] samples = new float[16_000];
    Arrays.fill(samples, 0.5f);
    List<Span> tokens = List.of(new Span(0.1, 0.3), new Span(0.5, 0.6), new Span(0.7, 0.9));
    List<Span> pauses = List.of(new Span(0.3, 0.5), new Span(0.6, 0.7));
    Spoken longer = new Spoken(samples, tokens, pauses).withLongerPauses(0.25);
    assertEquals(24_000, longer.samples().length);
    assertEquals(tokens.get(0), longer.tokens().get(0));
    assertEquals(0.75, longer.tokens().get(1).start(), 1e-9);
    assertEquals(1.4, longer.tokens().get(2).end(), 1e-9);
    assertEquals(0.75, longer.pauses().get(0).end(), 1e-9);
    assertEquals(0, longer.samples()[(int) (0.5 * 16_000)]);
    assertEquals(0.5f, longer.samples()[(int) (0.39 * 16_000)]);
  }

  @Test
  void cutsATokenOut() {
    float[] samples = {0, 1, 2, 3, 4, 5, 6, 7};
    Span span = new Span(2 / 16_000.0, 5 / 16_000.0);
    Spoken spoken = new Spoken(samples, List.of(span), List.of());
    assertArrayEquals(new float[] {2, 3, 4}, spoken.cut(0));
  }

  @Test
  void loudStretchesAreFoundBetweenLongSilences() {
    float[] samples = new float[16_000];
    for (int i = 3200; i < 8000; i++) {
      samples[i] = i >= 5000 && i < 6000 ? 0 : 0.3f; // A closure of 60 ms is no pause.
    }
    for (int i = 11_200; i < 12_800; i++) {
      samples[i] = 0.1f;
    }
    List<Span> loud = Clauses.loud(samples);
    assertEquals(2, loud.size());
    assertEquals(0.2, loud.get(0).start(), 1e-9);
    assertEquals(0.5, loud.get(0).end(), 1e-9);
    assertEquals(0.7, loud.get(1).start(), 1e-9);
    assertEquals(0.8, loud.get(1).end(), 1e-9);
    assertEquals(List.of(), Clauses.loud(new float[500]));
  }
}
