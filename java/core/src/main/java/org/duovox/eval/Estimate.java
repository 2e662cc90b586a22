package org.duovox.eval;

/// A score with the ends of its 95 % interval.
///
/// @param value the score of the whole sample
/// @param low the lower end; NaN when the interval is undefined
/// @param high the upper end; NaN when the interval is undefined
/// @param n how many items were scored
/// @param seed the seed of the bootstrap that made the interval
public record Estimate(double value, double low, double high, int n, long seed) {}
