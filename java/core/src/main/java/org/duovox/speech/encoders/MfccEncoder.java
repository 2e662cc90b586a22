package org.duovox.speech.encoders;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.duovox.internal.NativeMfcc;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.ReceptiveField;

/// MFCC with first and second deltas, computed by the native library: what HuBERT's first iteration
/// is clustered on.
///
/// One layer, `mfcc`: Kaldi's 13 cepstra (25 ms Povey window every 10 ms, 23 mel bands from 20 Hz),
/// their deltas over five frames, and the deltas of these; frame k is centered at 12.5 + 10 k ms.
final class MfccEncoder implements Encoder {
  /// Name of the encoder and of its layer.
  static final String NAME = "mfcc";

  private static final int WINDOW = 400;
  private static final double HOP_MS = 10;
  // A delta reads two frames on either side, the delta of a delta four.
  private static final double DELTAS_MS = 4 * HOP_MS;
  private static final Layer LAYER =
      new Layer(
          NAME,
          NativeMfcc.WIDTH,
          HOP_MS,
          12.5,
          ReceptiveField.ofSamples(WINDOW).plus(DELTAS_MS, DELTAS_MS));

  private final int parallelism;

  /// @param parallelism threads that will encode at once
  MfccEncoder(int parallelism) {
    this.parallelism = Math.max(1, parallelism);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Layer> layers() {
    return List.of(LAYER);
  }

  @Override
  public String weightsSha256() {
    return "";
  }

  @Override
  public String normalization() {
    return "none; Kaldi MFCC: window 400 hop 160 fft 512, 23 bands of 20-8000 Hz, 13 cepstra,"
        + " lifter 22, no dither, no energy; deltas over 5 frames";
  }

  @Override
  public int minimumSamples(Collection<String> layers) {
    return WINDOW;
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public Map<String, Frames> encode(float[] samples, Collection<String> layers) {
    layers.forEach(this::layer);
    requireLength(samples.length, layers);
    float[] values = NativeMfcc.compute(samples);
    return Map.of(NAME, new Frames(values, values.length / LAYER.width(), LAYER.width()));
  }

  @Override
  public void close() {}
}
