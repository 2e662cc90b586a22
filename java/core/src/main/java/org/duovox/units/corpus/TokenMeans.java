package org.duovox.units.corpus;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StreamInfo;
import org.duovox.units.sets.UnitSet;

/// Computes the continuous features of merged tokens: the mean over the frames that became a token.
final class TokenMeans {
  private final FeatureLayer features;
  private final Map<String, Integer> ids = new HashMap<>();

  /// @param units the contextual units, which must have been made of these features
  /// @throws DuovoxException (BAD_DATA) when the features are of another encoder or layer, or do
  ///   not have the codebook's width
  TokenMeans(FeatureLayer features, UnitSet units) {
    this.features = features;
    String difference = features.stream().difference(units.manifest().stream());
    if (!difference.isEmpty()) {
      throw DuovoxException.badData(
          "the contextual features and the contextual units are not of the same origin: %s"
              .formatted(difference));
    }
    units
        .codebook()
        .filter(codebook -> codebook.width() != features.width())
        .ifPresent(codebook -> {
          throw DuovoxException.badData(
              ("the contextual features have %d values per frame, the codebook of the units %d;"
                      + " name the layer that the units were made of")
                  .formatted(features.width(), codebook.width()));
        });
    for (int i = 0; i < features.utterances().size(); i++) {
      ids.put(features.utterances().get(i).id(), i);
    }
  }

  int width() {
    return features.width();
  }

  StreamInfo stream() {
    return features.stream();
  }

  /// Returns the means of an utterance's tokens, (tokens, width).
  ///
  /// @param frames of the contextual units before merging
  FloatBuffer of(UnitUtterance utterance, int frames) {
    Integer index = ids.get(utterance.id());
    if (index == null) {
      throw DuovoxException.badData(
          "'%s' has no contextual features; extract them of the same audio as the units"
              .formatted(utterance.id()));
    }
    int found = features.utterances().get(index).frames();
    if (found != frames) {
      throw DuovoxException.badData(
          ("'%s' has %d frames of contextual features, but %d contextual units; make both from the"
                  + " same features")
              .formatted(utterance.id(), found, frames));
    }
    float[] values = features.read(index);
    float[] means = new float[utterance.tokens() * width()];
    double[] sum = new double[width()];
    int frame = 0;
    for (int t = 0; t < utterance.tokens(); t++) {
      int count = utterance.durations()[t];
      java.util.Arrays.fill(sum, 0);
      for (int end = frame + count; frame < end; frame++) {
        add(values, frame * width(), sum);
      }
      for (int d = 0; d < sum.length; d++) {
        means[t * width() + d] = finite((float) (sum[d] / count), utterance);
      }
    }
    return FloatBuffer.wrap(means);
  }

  private static void add(float[] values, int from, double[] sum) {
    for (int d = 0; d < sum.length; d++) {
      sum[d] += values[from + d];
    }
  }

  private static float finite(float mean, UnitUtterance utterance) {
    if (!Float.isFinite(mean)) {
      throw DuovoxException.badData(
          "'%s' has features that are not finite; extract them again".formatted(utterance.id()));
    }
    return mean;
  }
}
