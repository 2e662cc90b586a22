package org.duovox.units.corpus;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.units.KnownEncoder;
import org.duovox.units.StreamInfo;
import org.duovox.units.StreamLength;
import org.duovox.units.UtteranceInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PairLengthsTest {
  private static final StreamInfo HUBERT = stream("hubert", "hidden_state_6", 20, "whole");
  private static final StreamInfo CPC = stream("cpc", "context_level_2", 10, "whole");
  private static final StreamInfo VQ2 = stream("resdavenet_vq", "quant2.codes", 20, "whole");
  private static final StreamInfo VQ3 = stream("ResDAVEnet-VQ", "quant3", 40, "whole");

  @Test
  void everyLengthOfTheLawsPassesAndTheGapsAreThoseMeasured() {
    for (int n = 400; n < 20_000; n++) {
      pass(VQ3, CPC, n);
      pass(VQ3, HUBERT, n);
      pass(VQ3, VQ2, n);
      pass(HUBERT, CPC, n);
      pass(CPC, HUBERT, n);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Samples 0: only the gap of the pair is known.
    "vq3, cpc, 10, 35, 5", "vq3, cpc, 10, 41, -1", "vq3, hubert, 10, 20, 0",
    "vq3, hubert, 10, 16, 4", "vq3, vq2, 10, 18, 2", "vq3, vq2, 10, 21, -1",
    "hubert, cpc, 10, 19, 1", "hubert, cpc, 10, 23, -3", "cpc, hubert, 19, 10, 1"
  })
  void otherGapsAreRefusedWithTheirNumbers(String a, String b, int first, int second, int gap) {
    DuovoxException refused =
        assertThrows(
            DuovoxException.class,
            () -> new PairLengths(named(a), named(b)).require(info(first, 0), info(second, 0)));
    assertTrue(refused.getMessage().contains("= " + gap + ","), refused.getMessage());
  }

  @Test
  void framesThatTheSamplesCannotGiveAreRefused() {
    DuovoxException refused =
        assertThrows(DuovoxException.class, () -> require(HUBERT, 98, 32_000));
    assertTrue(refused.getMessage().contains("98 frames"), refused.getMessage());
    assertTrue(refused.getMessage().contains("32000 samples of audio give 99"));
    assertDoesNotThrow(() -> require(HUBERT, 596, 190_800)); // The fixture of fairseq's tests.
    StreamInfo segments = stream("hubert", "hidden_state_6", 20, "whole; segments of 100 s");
    assertDoesNotThrow(() -> require(segments, 596, 190_800));
    assertThrows(DuovoxException.class, () -> require(segments, 597, 190_800));
    StreamInfo imported = stream("hubert", "6", 20, StreamLength.IMPORTED);
    assertDoesNotThrow(() -> require(imported, 597, 190_800));
    assertThrows(DuovoxException.class, () -> require(imported, 598, 190_800));
    StreamInfo chunks = stream("cpc", "context_level_2", 10, "window 10240");
    assertDoesNotThrow(() -> require(chunks, 998, 160_000));
    assertThrows(DuovoxException.class, () -> require(chunks, 900, 160_000));
  }

  @Test
  void unknownEncodersMustSpanTheirAudio() {
    StreamInfo mine = stream("mine", "x", 25, "whole");
    assertDoesNotThrow(() -> require(mine, 400, 160_000));
    assertDoesNotThrow(() -> require(mine, 380, 160_000));
    DuovoxException half = assertThrows(DuovoxException.class, () -> require(mine, 200, 160_000));
    assertTrue(half.getMessage().contains("5.000 s"), half.getMessage());
    assertThrows(DuovoxException.class, () -> require(mine, 800, 160_000));
  }

  @Test
  void relativesOfAnotherRateHaveNoKnownLaw() {
    assertEquals(Optional.empty(), KnownEncoder.of(stream("hubert-25hz", "11", 40, "whole")));
    assertEquals(Optional.empty(), KnownEncoder.of(stream("resdavenet_vq", "quant4", 80, "whole")));
    assertEquals(Optional.of(KnownEncoder.CPC), KnownEncoder.of(CPC));
  }

  private static StreamInfo named(String name) {
    return switch (name) {
      case "vq3" -> VQ3;
      case "vq2" -> VQ2;
      case "cpc" -> CPC;
      default -> HUBERT;
    };
  }

  private static void pass(StreamInfo a, StreamInfo b, int samples) {
    int first = (int) KnownEncoder.of(a).orElseThrow().frames(samples);
    int second = (int) KnownEncoder.of(b).orElseThrow().frames(samples);
    new PairLengths(a, b).require(info(first, samples), info(second, samples));
  }

  private static void require(StreamInfo stream, int frames, long samples) {
    new StreamLength(stream).require("test", info(frames, samples));
  }

  private static UtteranceInfo info(int frames, long samples) {
    return new UtteranceInfo("a", frames, samples, Map.of());
  }

  private static StreamInfo stream(String encoder, String layer, double interval, String chunking) {
    return new StreamInfo(encoder, layer, "", "none", chunking, interval, 0);
  }
}
