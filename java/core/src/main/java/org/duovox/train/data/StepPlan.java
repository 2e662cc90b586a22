package org.duovox.train.data;

/// Which batches a step reads: a pure function of seed and step.
///
/// A step reads `accumulation` batches as one; the last step of an epoch reads those that are left,
/// so that no step mixes two epochs.
public final class StepPlan {
  /// Batches `first` to `first + count - 1` of an epoch.
  public record Place(int epoch, int first, int count) {}

  private final BatchPlan plan;
  private final int accumulation;

  public StepPlan(BatchPlan plan, int accumulation) {
    this.plan = plan;
    this.accumulation = accumulation;
  }

  /// Steps of the first `epochs` epochs.
  public long steps(int epochs) {
    long steps = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      steps += stepsOf(epoch);
    }
    return steps;
  }

  /// The batches of a step, which counts from 1; costs a walk over the epochs before.
  public Place place(long step) {
    long left = step - 1;
    int epoch = 0;
    while (left >= stepsOf(epoch)) {
      left -= stepsOf(epoch);
      epoch++;
    }
    int first = Math.toIntExact(left * accumulation);
    return new Place(epoch, first, Math.min(accumulation, plan.count(epoch) - first));
  }

  private long stepsOf(long epoch) {
    return Math.ceilDiv(plan.count(epoch), accumulation);
  }
}
