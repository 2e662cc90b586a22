package org.duovox.speech.features;

import java.util.Map;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.AudioSum;
import org.duovox.speech.Frames;
import org.duovox.speech.SkippedUtterance;

/// An extraction's destination that writes all frames into a feature set.
public record StoredFrames(FeatureWriter writer) implements FrameDestination<Map<String, Frames>> {

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
