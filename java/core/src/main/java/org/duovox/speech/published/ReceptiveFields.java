package org.duovox.speech.published;

import java.util.List;
import org.duovox.internal.EncoderShape;
import org.duovox.internal.EncoderShape.Convolutions;
import org.duovox.internal.EncoderShape.Positions;
import org.duovox.internal.EncoderShape.Transformer;
import org.duovox.internal.NativeEncoder.LayerInfo;
import org.duovox.speech.Encoder;
import org.duovox.speech.ReceptiveField;

/// The receptive fields of the layers of published encoders, from their kernels. Attention sees the
/// whole utterance, a recurrent network everything before.
final class ReceptiveFields {
  private static final double SAMPLES_PER_MS = Encoder.SAMPLE_RATE / 1000.0;

  // CPC's five convolutions: kernels 10, 8, 4, 4, 4 with strides 5, 4, 2, 2, 2.
  private static final int CPC_SAMPLES = 465;

  // ResDAVEnet-VQ: windows of 400 samples every 160; a residual layer has four convolutions over
  // nine frames, the first of which halves the rate.
  private static final int VQ_WINDOW = 400;
  private static final int VQ_HOP = 160;
  private static final int VQ_REACH = 4 + 3 * 4 * 2;

  private ReceptiveFields() {}

  static ReceptiveField of(EncoderShape shape, LayerInfo layer) {
    return switch (shape) {
      case Transformer t -> transformer(t, layer);
      case EncoderShape.Cpc cpc -> cpc(layer);
      case EncoderShape.Resdavenet r -> resdavenet(layer);
    };
  }

  private static ReceptiveField transformer(Transformer shape, LayerInfo layer) {
    ReceptiveField convolved = ReceptiveField.ofSamples(samples(shape.convolutions()));
    return switch (layer.name()) {
      case "conv", "extract_features", "codes" -> convolved;
      case "hidden_state_0" -> positioned(convolved, shape.positions(), layer);
      default -> ReceptiveField.UTTERANCE;
    };
  }

  /// Returns the samples that a frame of the convolutions is computed from.
  private static int samples(Convolutions convolutions) {
    List<Integer> kernels = convolutions.kernels();
    int samples = 1;
    int stride = 1;
    for (int i = 0; i < kernels.size(); i++) {
      samples += (kernels.get(i) - 1) * stride;
      stride *= convolutions.strides().get(i);
    }
    return samples;
  }

  /// Positions are embedded by convolutions; one over an even number of frames reads one more
  /// before than after.
  private static ReceptiveField positioned(
      ReceptiveField convolved, Positions positions, LayerInfo layer) {
    double frameMs = positions.depth() * layer.interval() / SAMPLES_PER_MS;
    int before = positions.kernel() / 2;
    int after = positions.kernel() - 1 - before;
    return convolved.plus(before * frameMs, after * frameMs);
  }

  private static ReceptiveField cpc(LayerInfo layer) {
    ReceptiveField encoded = ReceptiveField.ofSamples(CPC_SAMPLES);
    return layer.name().equals("encoded")
        ? encoded
        : new ReceptiveField(Double.POSITIVE_INFINITY, encoded.afterMs());
  }

  /// The residual layers before a stage have intervals that double up to its own, so their reaches
  /// add up to this.
  private static ReceptiveField resdavenet(LayerInfo layer) {
    double reach = VQ_REACH * (layer.interval() - VQ_HOP) / SAMPLES_PER_MS;
    return ReceptiveField.ofSamples(VQ_WINDOW).plus(reach, reach);
  }
}
