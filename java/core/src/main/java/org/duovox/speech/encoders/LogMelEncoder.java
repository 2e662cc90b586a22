package org.duovox.speech.encoders;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.duovox.internal.NativeLogMel;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.ReceptiveField;

/// Log-mel filterbank energies, computed by the native library: a phonetic stream that needs no
/// weights.
///
/// One layer, `logmel`: 80 Slaney bands from 20 to 8,000 Hz, natural logarithm, a 25 ms window
/// every 10 ms that lies wholly within the audio, so frame k is centered at 12.5 + 10 k ms.
/// Encoding is a pure function: any number of threads.
public final class LogMelEncoder implements Encoder {
  /// Name of the encoder and of its layer.
  public static final String NAME = "logmel";

  private final NativeLogMel.Config config;
  private final Layer layer;
  private final int parallelism;

  /// @param parallelism threads that will encode at once
  public LogMelEncoder(int parallelism) {
    this.config = NativeLogMel.Config.defaults();
    this.parallelism = Math.max(1, parallelism);
    double perMs = config.sampleRate() / 1000.0;
    this.layer =
        new Layer(
            NAME,
            config.bands(),
            config.hop() / perMs,
            config.window() / perMs / 2,
            ReceptiveField.ofSamples(config.window()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Layer> layers() {
    return List.of(layer);
  }

  @Override
  public String weightsSha256() {
    return "";
  }

  @Override
  public String normalization() {
    return String.format(
        Locale.ROOT,
        "none; window %d hop %d fft %d bands %d of %.0f-%.0f Hz, ln(power + %s)",
        config.window(),
        config.hop(),
        config.fft(),
        config.bands(),
        config.lowHz(),
        config.highHz(),
        config.floor());
  }

  @Override
  public int minimumSamples(Collection<String> layers) {
    return config.window();
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public Map<String, Frames> encode(float[] samples, Collection<String> layers) {
    layers.forEach(this::layer);
    requireLength(samples.length, layers);
    float[] values = NativeLogMel.compute(config, samples);
    return Map.of(NAME, new Frames(values, values.length / config.bands(), config.bands()));
  }

  @Override
  public void close() {}
}
