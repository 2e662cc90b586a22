package org.duovox.train;

import org.duovox.internal.Device;
import org.duovox.train.log.TrainControl;
import org.duovox.train.log.TrainListener;
import org.duovox.train.memory.MemoryBudget;

/// Where a training runs, who controls it and who hears of it.
///
/// @param device that computes
/// @param memory shared with the other trainings of this process
/// @param control asks it to save or to leave
/// @param listener hears how it goes
public record TrainHost(
    Device device, MemoryBudget memory, TrainControl control, TrainListener listener) {

  /// Returns a host for one training on the CPU, which has the memory to itself.
  public static TrainHost cpu(TrainListener listener) {
    return new TrainHost(Device.CPU, new MemoryBudget(), new TrainControl(), listener);
  }

  /// Returns the same with another listener.
  public TrainHost with(TrainListener other) {
    return new TrainHost(device, memory, control, other);
  }
}
