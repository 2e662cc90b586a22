package org.duovox.slu;

import java.util.List;

/// The classifier's answer for one utterance.
///
/// @param id of the utterance
/// @param gold its label in the manifest
/// @param predicted the label with the highest score
/// @param scores by class, in the order of the labels; natural log of probabilities
public record Prediction(String id, String gold, String predicted, List<Double> scores) {

  /// Returns whether the answer is right.
  public boolean correct() {
    return gold.equals(predicted);
  }
}
