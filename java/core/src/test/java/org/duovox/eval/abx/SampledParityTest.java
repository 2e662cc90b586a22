package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Scores of a set that a formula makes, as zerospeech-libriabx2 0.9.8 gives them for the same
/// formula: groups of 14 items and seven other speakers, cut by seeded draws or taken whole.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SampledParityTest {
  private static final int WIDTH = 9;

  private final ToyItems toy = new ToyItems();
  private ItemFile items;
  private int state = 12345;

  private int next() {
    state = (int) ((state * 1103515245L + 12345) & 0x7FFFFFFF);
    return state >> 16;
  }

  @BeforeAll
  void make(@TempDir Path folder) throws IOException {
    for (int speaker = 0; speaker < 8; speaker++) {
      for (int item = 0; item < 42; item++) {
        int phone = item % 3;
        int count = 2 + next() % 5;
        String context = next() % 2 == 0 ? "x" : "y";
        float[][] frames = new float[count + 1][WIDTH];
        for (float[] frame : frames) {
          for (int i = 0; i < WIDTH; i++) {
            frame[i] = (float) (next() % 1024 / 1024.0 + (i % 3 == phone ? 0.35 : 0));
          }
        }
        toy.addExactly(
            "f" + speaker, "abc".substring(phone, phone + 1), context, "s" + speaker, frames);
      }
    }
    items = ItemFile.read(Files.write(folder.resolve("toy.item"), toy.lines()));
  }

  @ParameterizedTest
  @CsvSource({
    "10, cosine/none/within-speaker/within-context, 0.09628594666719437",
    "10, cosine/none/across-speaker/within-context, 0.09676903486251831",
    "10, cosine/none/within-speaker/any-context, 0.09252315014600754",
    "10, cosine/none/across-speaker/any-context, 0.09267500042915344",
    "10, cosine/mean/within-speaker/within-context, 0.05612189695239067",
    "10, cosine/mean/across-speaker/within-context, 0.05666142329573631",
    "10, cosine/mean/within-speaker/any-context, 0.0539814829826355",
    "10, cosine/mean/across-speaker/any-context, 0.054466668516397476",
    "10, cosine/hamming/within-speaker/within-context, 0.10547871142625809",
    "10, cosine/hamming/across-speaker/within-context, 0.1099674329161644",
    "10, cosine/hamming/within-speaker/any-context, 0.10006943345069885",
    "10, cosine/hamming/across-speaker/any-context, 0.10154584050178528",
    "10, kl_symmetric/none/within-speaker/within-context, 0.1338149756193161",
    "10, kl_symmetric/none/across-speaker/within-context, 0.14082862436771393",
    "10, kl_symmetric/none/within-speaker/any-context, 0.13587963581085205",
    "10, kl_symmetric/none/across-speaker/any-context, 0.1370375007390976",
    "10, euclidean/none/within-speaker/within-context, 0.09660329669713974",
    "10, euclidean/none/across-speaker/within-context, 0.09775423258543015",
    "10, euclidean/none/within-speaker/any-context, 0.09305556863546371",
    "10, euclidean/none/across-speaker/any-context, 0.0932999923825264",
    "1000, cosine/none/within-speaker/within-context, 0.0960063710808754",
    "1000, cosine/none/across-speaker/within-context, 0.09584975242614746",
    "1000, cosine/none/within-speaker/any-context, 0.09469028562307358",
    "1000, cosine/none/across-speaker/any-context, 0.0948183462023735",
    "1000, cosine/mean/within-speaker/within-context, 0.05595354363322258",
    "1000, cosine/mean/across-speaker/within-context, 0.05533650517463684",
    "1000, cosine/mean/within-speaker/any-context, 0.056007981300354004",
    "1000, cosine/mean/across-speaker/any-context, 0.05519890412688255",
    "1000, euclidean/none/within-speaker/within-context, 0.09633424133062363",
    "1000, euclidean/none/across-speaker/within-context, 0.09680666774511337",
    "1000, euclidean/none/within-speaker/any-context, 0.0953035056591034",
    "1000, euclidean/none/across-speaker/any-context, 0.0957098975777626"
  })
  void equalsTheZeroSpeechTool(int most, String name, double expected) {
    String[] parts = name.split("/");
    FrameDistance distance = FrameDistance.of(parts[0]);
    AbxCondition condition =
        new AbxCondition(parts[2].startsWith("across"), parts[3].startsWith("any"));
    AbxConfig config = most == 10 ? new AbxConfig(10, 5, AbxConfig.SEED) : AbxConfig.all();
    try (TokenSet set =
        TokenSet.read(
            items,
            toy.source(),
            new Slicing(10, 5, false),
            FramePooling.of(parts[1]),
            true,
            done -> {})) {
      assertEquals(expected, Abx.score(set, distance, condition, config, done -> {}).error(), 1e-6);
    }
  }
}
