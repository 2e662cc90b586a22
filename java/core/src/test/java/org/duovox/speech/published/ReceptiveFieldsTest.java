package org.duovox.speech.published;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.duovox.internal.EncoderShape;
import org.duovox.internal.EncoderShape.Codes;
import org.duovox.internal.EncoderShape.ConvNorm;
import org.duovox.internal.EncoderShape.Convolutions;
import org.duovox.internal.EncoderShape.Position;
import org.duovox.internal.EncoderShape.Positions;
import org.duovox.internal.NativeEncoder.LayerInfo;
import org.duovox.speech.ReceptiveField;
import org.junit.jupiter.api.Test;

/// The fields of the published sizes.
final class ReceptiveFieldsTest {
  private static final List<Integer> KERNELS = List.of(10, 3, 3, 3, 3, 2, 2);
  private static final List<Integer> STRIDES = List.of(5, 2, 2, 2, 2, 2, 2);

  @Test
  void convolutionsOfTransformersSee25Ms() {
    EncoderShape hubert = transformer(new Positions(Position.WEIGHT_NORM, 128, 16, 1, 0, 0));
    for (String layer : List.of("conv", "extract_features", "codes")) {
      assertEquals(ReceptiveField.around(25), of(hubert, layer, 320));
    }
    // 128 frames of 20 ms: 64 before, 63 after.
    assertEquals(
        new ReceptiveField(12.5 + 64 * 20, 12.5 + 63 * 20), of(hubert, "hidden_state_0", 320));
    assertEquals(ReceptiveField.UTTERANCE, of(hubert, "hidden_state_1", 320));
    assertEquals(ReceptiveField.UTTERANCE, of(hubert, "last_hidden_state", 320));
  }

  @Test
  void positionsOfData2vecAreFiveConvolutionsOver19Frames() {
    EncoderShape data2vec = transformer(new Positions(Position.STACKED, 19, 16, 5, 0, 0));
    double reach = 12.5 + 5 * 9 * 20;
    assertEquals(new ReceptiveField(reach, reach), of(data2vec, "hidden_state_0", 320));
  }

  @Test
  void theContextOfCpcSeesEverythingBefore() {
    EncoderShape cpc = new EncoderShape.Cpc(256, 256, 1, EncoderShape.Cell.LSTM);
    assertEquals(ReceptiveField.around(465 / 16.0), of(cpc, "encoded", 160));
    assertEquals(
        new ReceptiveField(Double.POSITIVE_INFINITY, 465 / 32.0), of(cpc, "context_level_1", 160));
  }

  @Test
  void resdavenetSeesTwiceAsFarWithEveryHalving() {
    EncoderShape vq =
        new EncoderShape.Resdavenet(
            List.of(128, 256, 256, 512, 1024), Collections.nCopies(5, 0), false);
    assertEquals(ReceptiveField.around(25), of(vq, "logmel", 160));
    assertEquals(ReceptiveField.around(25), of(vq, "quant1.codes", 160));
    // A block of 9 frames every 10 ms, then three of 9 frames every 20 ms: 40 + 3 x 80 ms a side.
    assertEquals(ReceptiveField.around(25 + 2 * 280), of(vq, "quant2.codes", 320));
    assertEquals(ReceptiveField.around(25 + 2 * (280 + 560)), of(vq, "quant3.prequant", 640));
    assertEquals(ReceptiveField.around(25 + 2 * (280 + 560 + 1120 + 2240)), of(vq, "stage5", 2560));
  }

  private static EncoderShape transformer(Positions positions) {
    return new EncoderShape.Transformer(
        true,
        new Convolutions(Collections.nCopies(7, 512), KERNELS, STRIDES, false, ConvNorm.GROUP),
        true,
        768,
        12,
        12,
        3072,
        false,
        positions,
        Codes.NONE,
        1e-5);
  }

  private static ReceptiveField of(EncoderShape shape, String layer, int interval) {
    return ReceptiveFields.of(shape, new LayerInfo(0, layer, 1, 0, interval, 0));
  }
}
