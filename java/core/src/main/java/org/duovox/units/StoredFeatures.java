package org.duovox.units;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Layer;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;

/// One layer of a feature set on disk, as the features that units are made of.
public final class StoredFeatures implements FeatureLayer {
  private final FeatureSet features;
  private final Layer layer;
  private final List<UtteranceInfo> utterances;

  private StoredFeatures(FeatureSet features, Layer layer) {
    this.features = features;
    this.layer = layer;
    this.utterances =
        features.utterances().stream().map(entry -> info(entry, layer.name())).toList();
  }

  /// Opens a layer of a feature folder.
  ///
  /// @param layer its name; null when the folder has only one
  public static StoredFeatures open(Path folder, String layer) {
    FeatureSet features = FeatureSet.open(folder);
    try {
      return new StoredFeatures(features, layer == null ? only(features) : features.layer(layer));
    } catch (RuntimeException e) {
      features.close();
      throw e;
    }
  }

  private static Layer only(FeatureSet features) {
    List<Layer> layers = features.manifest().layers();
    return layers.size() == 1 ? layers.getFirst() : features.layer("");
  }

  private static UtteranceInfo info(FeatureEntry entry, String layer) {
    return new UtteranceInfo(
        entry.id(),
        entry.frames().get(layer),
        entry.samples(),
        entry.fields(),
        entry.audioSha256());
  }

  @Override
  public StreamInfo stream() {
    FeatureManifest manifest = features.manifest();
    return new StreamInfo(
        manifest.encoder(),
        layer.name(),
        manifest.weightsSha256(),
        manifest.normalization(),
        manifest.chunking(),
        layer.intervalMs(),
        layer.offsetMs(),
        layer.receptiveField());
  }

  @Override
  public double batchSeconds() {
    return features.manifest().batchSeconds();
  }

  @Override
  public int width() {
    return layer.width();
  }

  @Override
  public List<UtteranceInfo> utterances() {
    return utterances;
  }

  @Override
  public Optional<FeatureCodebook> codebook() {
    return features.codebook(layer.name());
  }

  @Override
  public float[] read(int utterance) {
    return features.read(features.utterances().get(utterance), layer.name()).values();
  }

  @Override
  public void read(int utterance, int first, int count, ByteBuffer target) {
    features.read(features.utterances().get(utterance), layer.name(), first, count, target);
  }

  @Override
  public void close() {
    features.close();
  }
}
