package org.duovox.speech;

import java.util.Map;
import org.duovox.audio.Utterance;

/// An extraction's destination that writes all frames into a feature set.
record StoredFrames(FeatureWriter writer) implements FrameDestination<Map<String, Frames>> {

  @Override
  public Map<String, Frames> prepare(Map<String, Frames> frames) {
    return frames;
  }

  @Override
  public void begin(Utterance utterance) {
    writer.begin(utterance.id(), utterance.fields());
  }

  @Override
  public void append(Map<String, Frames> piece) {
    writer.append(piece);
  }

  @Override
  public void finish(AudioSum audio) {
    writer.finish(audio);
  }

  @Override
  public void abandon() {
    writer.abandon();
  }

  @Override
  public void skip(SkippedUtterance utterance) {
    writer.skip(utterance);
  }
}
