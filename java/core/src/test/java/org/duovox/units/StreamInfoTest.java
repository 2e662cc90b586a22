package org.duovox.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class StreamInfoTest {
  private static final StreamInfo OWN =
      new StreamInfo("hubert", "l6", "abc", "none", "whole", 20, 12.5);

  @Test
  void differencesAreNamed() {
    assertEquals("", OWN.difference(OWN));
    assertTrue(with("cpc", "l6", "abc", 20).difference(OWN).contains("encoder 'cpc'"));
    assertTrue(with("hubert", "l9", "abc", 20).difference(OWN).contains("layer"));
    assertTrue(with("hubert", "l6", "abd", 20).difference(OWN).contains("weights"));
    assertTrue(with("hubert", "l6", "abc", 10).difference(OWN).contains("frame times"));
    StreamInfo without = new StreamInfo("hubert", "l6", "", "none", "whole", 20, 12.5);
    assertTrue(without.difference(OWN).contains("weights"), "no weights is not unknown weights");
  }

  @Test
  void whatImportedFramesDoNotKnowIsNotADifference() {
    StreamInfo named = new StreamInfo("hubert", "l6", "", "", "imported", 20, 12.5);
    assertEquals("", named.difference(OWN));
    assertEquals("", OWN.difference(named));
    assertEquals("", new StreamInfo("", "", "", "", "imported", 20, 12.5).difference(OWN));
    assertTrue(
        new StreamInfo("cpc", "l6", "", "", "imported", 20, 12.5)
            .difference(OWN)
            .contains("encoder"));
    assertTrue(
        new StreamInfo("hubert", "l6", "", "", "imported", 40, 12.5)
            .difference(OWN)
            .contains("frame times"));
  }

  private static StreamInfo with(String encoder, String layer, String weights, double interval) {
    return new StreamInfo(encoder, layer, weights, "none", "whole", interval, 12.5);
  }
}
