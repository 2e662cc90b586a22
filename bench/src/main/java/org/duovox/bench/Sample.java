package org.duovox.bench;

import java.util.List;

/// What one fork measured.
///
/// @param round the fork's number among those of its contender
/// @param milliseconds of each measured step
/// @param heapBytes allocated on the Java heap by a step
/// @param gcBytes the same by JMH's profiler `gc`, with JMH's own share
/// @param peakMebibytes greatest resident memory of the process
/// @param load of the machine just before
record Sample(
    Side side,
    int round,
    List<Double> milliseconds,
    double heapBytes,
    double gcBytes,
    double peakMebibytes,
    Load load) {}
