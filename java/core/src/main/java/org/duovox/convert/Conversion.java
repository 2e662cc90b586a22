package org.duovox.convert;

import java.util.List;

/// What was converted.
///
/// @param layout the kind of checkpoint that was found
/// @param form how the file was written
/// @param out the folder that was written
/// @param files its files
/// @param tensors how many there are
/// @param parameters elements of all tensors
/// @param sources the files that were read, with their sums
/// @param dropped what of the checkpoint was left out
/// @param notes what had to be assumed
public record Conversion(
    String layout,
    String form,
    String out,
    List<String> files,
    int tensors,
    long parameters,
    List<Source> sources,
    List<String> dropped,
    List<String> notes) {
  public Conversion {
    files = List.copyOf(files);
    sources = List.copyOf(sources);
    dropped = List.copyOf(dropped);
    notes = List.copyOf(notes);
  }

  /// A file that was read.
  public record Source(String file, String sha256) {}
}
