package org.duovox.eval.abx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duovox.speech.Frames;

/// Items and frames in memory, one frame every 10 ms.
final class ToyItems {
  private final List<String> lines =
      new ArrayList<>(List.of("#file onset offset #phone prev-phone next-phone speaker"));
  private final Map<String, List<float[]>> frames = new LinkedHashMap<>();

  /// Adds an item behind the last one of its file, with a frame more, which the rounding of the
  /// reference leaves out.
  ToyItems add(String file, String phone, String context, String speaker, float[]... own) {
    float[][] longer = Arrays.copyOf(own, own.length + 1);
    longer[own.length] = own[own.length - 1];
    return addExactly(file, phone, context, speaker, longer);
  }

  /// Adds an item that lasts as long as its frames, the last of which will be left out.
  ToyItems addExactly(String file, String phone, String context, String speaker, float[]... own) {
    List<float[]> all = frames.computeIfAbsent(file, key -> new ArrayList<>());
    int begin = all.size();
    all.addAll(List.of(own));
    lines.add(
        "%s %.2f %.2f %s %s z %s"
            .formatted(file, begin / 100.0, all.size() / 100.0, phone, context, speaker));
    return this;
  }

  List<String> lines() {
    return lines;
  }

  Map<String, Frames> frames() {
    Map<String, Frames> all = new LinkedHashMap<>();
    frames.forEach((file, rows) -> {
      int width = rows.getFirst().length;
      float[] values = new float[rows.size() * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.get(i / width)[i % width];
      }
      all.put(file, new Frames(values, rows.size(), width));
    });
    return all;
  }

  FrameSource source() {
    return source(frames());
  }

  static FrameSource source(Map<String, Frames> all) {
    return new FrameSource() {
      @Override
      public Set<String> ids() {
        return all.keySet();
      }

      @Override
      public double intervalMs() {
        return 10;
      }

      @Override
      public double centerMs() {
        return 5;
      }

      @Override
      public boolean areUnits() {
        return false;
      }

      @Override
      public Frames read(String id) {
        return all.get(id);
      }

      @Override
      public String place(String id) {
        return id;
      }

      @Override
      public void close() {}
    };
  }
}
