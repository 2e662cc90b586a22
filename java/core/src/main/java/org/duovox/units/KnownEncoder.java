package org.duovox.units;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Known encoders whose number of frames follows from the number of samples by a law that was
/// measured on the reference implementations (16 kHz).
public enum KnownEncoder {
  /// HuBERT, wav2vec 2.0, data2vec-audio, WavLM: floor((n - 80) / 320) for n >= 400, every 20 ms.
  CONVOLUTIONS_20(20),
  /// CPC: floor((n + 1) / 160), every 10 ms.
  CPC(10),
  /// ResDAVEnet-VQ before its first halving, and its log-mel: 1 + floor(n / 160), every 10 ms.
  VQ1(10),
  /// ResDAVEnet-VQ, second layer: ceil(VQ1 / 2), every 20 ms.
  VQ2(20),
  /// ResDAVEnet-VQ, third layer: ceil(VQ2 / 2), every 40 ms.
  VQ3(40);

  private static final Set<String> TWENTY =
      Set.of("hubert", "wav2vec2", "wav2vec 2.0", "data2vec", "wavlm");

  private final int intervalMs;

  KnownEncoder(int intervalMs) {
    this.intervalMs = intervalMs;
  }

  /// Returns the known encoder of a stream, by encoder name, layer and interval; empty for any
  /// other stream.
  public static Optional<KnownEncoder> of(StreamInfo stream) {
    String encoder = stream.encoder().toLowerCase(Locale.ROOT).replace('_', '-');
    String layer = stream.layer().toLowerCase(Locale.ROOT);
    Optional<KnownEncoder> named = Optional.empty();
    if (TWENTY.stream().anyMatch(encoder::startsWith)) {
      named = Optional.of(CONVOLUTIONS_20);
    } else if (encoder.equals("cpc") || encoder.startsWith("cpc-")) {
      named = Optional.of(CPC);
    } else if (encoder.startsWith("resdavenet")) {
      named = vq(layer);
    }
    // Variants with another rate, such as a HuBERT of 25 Hz, follow another law.
    return named.filter(known -> known.intervalMs * 1_000_000_000L == stream.interval());
  }

  private static Optional<KnownEncoder> vq(String layer) {
    return switch (layer.replaceAll("\\..*$", "")) {
      case "logmel", "quant1" -> Optional.of(VQ1);
      case "quant2" -> Optional.of(VQ2);
      case "quant3" -> Optional.of(VQ3);
      default -> Optional.empty();
    };
  }

  /// Returns the number of frames of this many samples.
  public long frames(long samples) {
    return switch (this) {
      case CONVOLUTIONS_20 -> samples < 400 ? 0 : (samples - 80) / 320;
      case CPC -> (samples + 1) / 160;
      case VQ1 -> 1 + samples / 160;
      case VQ2 -> Math.ceilDiv(VQ1.frames(samples), 2L);
      case VQ3 -> Math.ceilDiv(VQ2.frames(samples), 2L);
    };
  }
}
