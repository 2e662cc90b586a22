package org.duovox.units.sets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioSum;
import org.duovox.speech.Frames;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FrameDestination;

/// An extraction's destination that keeps the codes of frames, not the frames.
final class UnitDestination implements FrameDestination<Map<String, int[]>>, AutoCloseable {
  private final List<UnitLayer> layers;
  private final List<SkippedUtterance> skipped = new ArrayList<>();
  private Utterance current;

  /// @param layers may still grow before the first utterance; closed with this object
  UnitDestination(List<UnitLayer> layers) {
    this.layers = layers;
  }

  List<SkippedUtterance> skipped() {
    return skipped;
  }

  @Override
  public Map<String, int[]> prepare(Map<String, Frames> frames) {
    Map<String, int[]> codes = new HashMap<>();
    for (UnitLayer layer : layers) {
      codes.put(layer.name(), layer.assign(frames.get(layer.name())));
    }
    return codes;
  }

  @Override
  public void begin(Utterance utterance) {
    current = utterance;
  }

  @Override
  public void append(Map<String, int[]> piece) {
    layers.forEach(layer -> layer.append(piece.get(layer.name())));
  }

  @Override
  public void finish(AudioSum audio) {
    layers.forEach(layer -> layer.finish(current.id(), audio, current.fields()));
  }

  @Override
  public void abandon() {
    layers.forEach(UnitLayer::abandon);
  }

  @Override
  public void skip(SkippedUtterance utterance) {
    skipped.add(utterance);
  }

  @Override
  public void close() {
    layers.forEach(UnitLayer::close);
  }
}
