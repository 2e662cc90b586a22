package org.duovox.report.page;

/// How long a stage took.
///
/// @param name of the stage
/// @param seconds of wall time
/// @param reused whether its finished result of an earlier run was taken
public record StageTime(String name, double seconds, boolean reused) {}
