package org.duovox.speech;

/// An utterance that could not be used, and why: a line of `errors.jsonl`.
///
/// @param id its id in the manifest
/// @param path its audio file
/// @param reason what is wrong, in words
public record SkippedUtterance(String id, String path, String reason) {
  public static final String FILE = "errors.jsonl";
}
