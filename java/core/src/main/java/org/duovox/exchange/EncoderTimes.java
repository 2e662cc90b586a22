package org.duovox.exchange;

import java.util.Locale;
import java.util.Optional;

/// Frame times of known encoders, for imported files, which do not carry them.
///
/// The center of frame 0 is that of its receptive field: 400 samples for HuBERT and its relatives;
/// CPC's 465 samples begin 153 before the audio; ResDAVEnet-VQ pads, so its frame 0 lies on sample
/// 0.
///
/// @param intervalMs milliseconds between frame centers
/// @param offsetMs center of frame 0
public record EncoderTimes(double intervalMs, double offsetMs) {
  private static final double CPC_OFFSET = (465 / 2.0 - 153) / 16;

  /// The times of an encoder by its name; for ResDAVEnet-VQ also by its layer, `quant1` to
  /// `quant5`.
  public static Optional<EncoderTimes> of(String encoder, String layer) {
    String name = encoder.toLowerCase(Locale.ROOT).replace('_', '-');
    if (name.matches("(hubert|wav2vec2|data2vec|wavlm)(-.*)?") && !name.contains("25hz")) {
      return Optional.of(new EncoderTimes(20, 12.5));
    }
    if (name.matches("cpc(-.*)?")) {
      return Optional.of(new EncoderTimes(10, CPC_OFFSET));
    }
    if (name.startsWith("resdavenet") && layer.matches("quant[1-5](\\..*)?")) {
      return Optional.of(new EncoderTimes(10 << (layer.charAt(5) - '1'), 0));
    }
    return Optional.empty();
  }
}
