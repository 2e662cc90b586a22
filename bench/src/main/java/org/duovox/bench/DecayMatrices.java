package org.duovox.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/// AdamW that decays matrices, not biases and norms: DJL's has no groups of parameters.
final class DecayMatrices extends Optimizer {
  private final AdamW decayed;
  private final AdamW plain;

  private DecayMatrices(AdamW.Builder builder, AdamW decayed, AdamW plain) {
    super(builder);
    this.decayed = decayed;
    this.plain = plain;
  }

  static DecayMatrices adamW(float rate, float decay) {
    return new DecayMatrices(
        builder(rate, 0), builder(rate, decay).build(), builder(rate, 0).build());
  }

  private static AdamW.Builder builder(float rate, float decay) {
    return AdamW.builder().optLearningRateTracker(Tracker.fixed(rate)).optWeightDecays(decay);
  }

  @Override
  public void update(String parameter, NDArray weight, NDArray gradient) {
    (weight.getShape().dimension() > 1 ? decayed : plain).update(parameter, weight, gradient);
  }
}
