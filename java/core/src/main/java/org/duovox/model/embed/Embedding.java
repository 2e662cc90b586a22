package org.duovox.model.embed;

/// Hidden states of one utterance.
///
/// @param id of the utterance
/// @param rows tokens, CLS and SEP included where they were asked for
/// @param width hidden width, twice that for both channels
/// @param values (rows, width) row-major
@SuppressWarnings(
    "ArrayRecordComponent") // A value on its way to a file; copying it would only cost.
public record Embedding(String id, int rows, int width, float[] values) {}
