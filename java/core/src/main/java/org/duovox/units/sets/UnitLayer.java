package org.duovox.units.sets;

import java.nio.file.Path;
import java.util.Map;
import org.duovox.internal.NativeAssigner;
import org.duovox.speech.AudioSum;
import org.duovox.speech.Frames;
import org.duovox.units.Codebook;
import org.duovox.units.IntList;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;

/// One layer of a [UnitExtraction]: its codebook, and the unit set that is written.
final class UnitLayer implements AutoCloseable {
  private final String name;
  private final NativeAssigner assigner;
  private final UnitSetWriter writer;
  private final IntList units = new IntList();

  UnitLayer(String name, Codebook codebook, StreamInfo stream, double batchSeconds, Path target) {
    this.name = name;
    this.assigner = new NativeAssigner(codebook.centroids(), codebook.clusters(), codebook.width());
    this.writer = new UnitSetWriter(target, stream, codebook).inBatches(batchSeconds);
  }

  String name() {
    return name;
  }

  /// Codes of frames; called on several threads.
  int[] assign(Frames frames) {
    return assigner.assign(frames.values(), frames.frames());
  }

  /// Adds codes to the utterance under way.
  void append(int[] codes) {
    units.addAll(codes);
  }

  /// The utterance under way is whole.
  void finish(String id, AudioSum audio, Map<String, String> fields) {
    int[] codes = units.toArray();
    writer.add(new UtteranceInfo(id, codes.length, audio.samples(), fields, audio.sha256()), codes);
    units.clear();
  }

  void abandon() {
    units.clear();
  }

  void commit() {
    writer.commit();
  }

  @Override
  public void close() {
    writer.close();
    assigner.close();
  }
}
