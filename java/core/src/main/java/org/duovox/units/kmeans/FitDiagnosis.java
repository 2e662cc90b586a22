package org.duovox.units.kmeans;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.duovox.internal.NativeRows;
import org.duovox.units.FeatureLayer;
import org.duovox.units.JointCodes;
import org.duovox.units.UnitDiagnostics;

/// The diagnosis of a fit: the units that its quantizer makes of some utterances, and warnings
/// about them.
///
/// @param units diagnostics over utterances of about 50,000 frames; joint units are numbered in
///   order of appearance
/// @param warnings of a collapse, with the likely cause
record FitDiagnosis(UnitDiagnostics units, List<String> warnings) {
  private static final int FRAMES = 50_000;

  /// Quantizes the first utterances of an order until they hold enough frames.
  ///
  /// @param prepare changes rows before they are used
  static FitDiagnosis of(
      FeatureLayer features,
      UnitQuantizer quantizer,
      int[] order,
      FrameStatistics frames,
      ObjIntConsumer<NativeRows> prepare) {
    int count = 0;
    long frameCount = 0;
    while (count < order.length && frameCount < FRAMES) {
      frameCount += features.utterances().get(order[count++]).frames();
    }
    try (UtteranceCodes codes = new UtteranceCodes(features, quantizer, prepare)) {
      int groups = codes.coder().groups();
      int radix = codes.coder().radix();
      double most = Math.pow(radix, groups);
      UnitDiagnostics.Counter counter =
          new UnitDiagnostics.Counter((int) Math.min(most, Math.max(frameCount, radix)));
      Map<Long, Integer> numbers = new HashMap<>();
      codes.forEach(
          Arrays.copyOf(order, count),
          (utterance, combination) -> {
            int[] units = new int[combination.length / groups];
            for (int i = 0; i < units.length; i++) {
              long key = JointCodes.key(combination, i * groups, groups, radix);
              units[i] =
                  groups == 1 ? (int) key : numbers.computeIfAbsent(key, unseen -> numbers.size());
            }
            counter.add(units);
          });
      UnitDiagnostics units = counter.diagnostics();
      return new FitDiagnosis(units, Collapse.warnings(units, frames));
    }
  }
}
