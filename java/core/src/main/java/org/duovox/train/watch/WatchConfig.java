package org.duovox.train.watch;

import org.duovox.DuovoxException;

/// When the watches over a training warn.
///
/// @param plateauReports training reports without a lower loss; 20; 0 = never
/// @param plateauValidations validations without a lower loss; 5; 0 = never
/// @param plateauShare share by which a loss must fall to count as lower; 0.001
/// @param collapseTop share of one predicted code from which predictions count as constant; 0.99
/// @param collapseEntropy entropy in nats below which predictions count as constant while the
///   targets have ten times as much; 0.05
/// @param targetTop share of one true code from which the units themselves count as collapsed; 0.9
public record WatchConfig(
    int plateauReports,
    int plateauValidations,
    double plateauShare,
    double collapseTop,
    double collapseEntropy,
    double targetTop) {

  public WatchConfig {
    require(plateauReports >= 0, "plateau_reports must not be negative");
    require(plateauValidations >= 0, "plateau_validations must not be negative");
    require(plateauShare >= 0 && plateauShare < 1, "plateau_share must be 0 to below 1");
    require(collapseTop > 0 && collapseTop <= 1, "collapse_top must be above 0 and at most 1");
    require(collapseEntropy >= 0, "collapse_entropy must not be negative");
    require(targetTop > 0 && targetTop <= 1, "target_top must be above 0 and at most 1");
  }

  /// The documented defaults.
  public static WatchConfig defaults() {
    return new WatchConfig(20, 5, 0.001, 0.99, 0.05, 0.9);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("watches: " + rule);
    }
  }
}
