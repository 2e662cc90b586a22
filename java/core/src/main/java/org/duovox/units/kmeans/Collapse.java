package org.duovox.units.kmeans;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duovox.units.UnitDiagnostics;

/// Warns of the collapse of a codebook, whose units hardly distinguish anything, and names the
/// likely cause.
public final class Collapse {
  // One dimension that holds half of all variance decides every distance.
  private static final double DOMINANT = 0.5;
  private static final int WIDE = 8; // Fewer dimensions may well differ so much.
  private static final double MOST = 0.8;
  private static final int FEW_FRAMES_PER_CODE = 10;

  private Collapse() {}

  /// Returns the warning, or none for healthy units.
  public static List<String> warnings(UnitDiagnostics units, FrameStatistics frames) {
    if (!units.collapsed()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "the units hardly distinguish anything: perplexity %.1f of %d codes, the commonest (%d)"
                + " holds %.0f %%, runs last %.1f frames on average and %d at most; likely cause:"
                + " %s",
            units.use().perplexity(),
            units.use().codes(),
            units.use().mostFrequent(),
            100 * units.use().mostFrequentShare(),
            units.runs().mean(),
            units.runs().longest(),
            String.join("; or ", causes(units, frames))));
  }

  private static List<String> causes(UnitDiagnostics units, FrameStatistics frames) {
    if (frames.frames() == 0) {
      return List.of("the encoder's own quantizer: check its weights, the layer and the audio");
    }
    if (frames.distinct() == 1) {
      return List.of(
          "all frames are equal: the encoder gives a constant. Check that its weights were loaded"
              + " and that the audio is not silent");
    }
    List<String> causes = new ArrayList<>();
    if (frames.distinct() < Math.min(units.use().codes(), frames.frames() / 2)) {
      causes.add(
          "of %d frames looked at only %d differ: constant features or too many clusters"
              .formatted(frames.frames(), frames.distinct()));
    }
    dominant(frames, causes);
    if (units.constantUtterances() > DOMINANT) {
      causes.add(
          String.format(
              Locale.ROOT,
              "%.0f %% of the utterances are one single unit: the layer follows the recording or"
                  + " the speaker and not the sounds, or the encoder keeps its state ('all units"
                  + " are the same' with CPC): try another layer or chunking",
              100 * units.constantUtterances()));
    } else if (units.use().mostFrequentShare() > DOMINANT / 2
        && units.mostFrequentAtEdges() > MOST) {
      causes.add(
          String.format(
              Locale.ROOT,
              "silence: %.0f %% of the utterances begin or end with the commonest unit; trim the"
                  + " audio",
              100 * units.mostFrequentAtEdges()));
    }
    if (causes.isEmpty()) {
      causes.add(
          frames.frames() < (long) FEW_FRAMES_PER_CODE * units.use().codes()
              ? "too many clusters for so little audio"
              : "a layer that does not follow the sounds, or too many clusters");
    }
    return causes;
  }

  private static void dominant(FrameStatistics frames, List<String> causes) {
    int widest = frames.widest();
    double share = frames.variance(widest) / frames.totalVariance();
    if (frames.width() >= WIDE && share > DOMINANT) {
      causes.add(
          String.format(
              Locale.ROOT,
              "dimension %d holds %.0f %% of the variance of %d, so it alone decides which centroid"
                  + " is nearest: normalise the features or take another layer",
              widest,
              100 * share,
              frames.width()));
    }
  }
}
