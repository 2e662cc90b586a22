/// Warns of trainings that go wrong (plateaus, spikes, collapse, skipped steps), and measures
/// predictors without a network.
package org.duovox.train.watch;
