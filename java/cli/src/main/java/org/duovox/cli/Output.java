package org.duovox.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A file or folder that the command line names for a verb to write.
///
/// @param path as the user named it
/// @param ifTaken what happens when something is there and `--replace` is not given
record Output(Path path, IfTaken ifTaken) {
  /// What a verb does with an output that is there already.
  enum IfTaken {
    /// It is refused before any work.
    REFUSE,
    /// The verb compares it with its own input and settings, and reuses or refuses it.
    COMPARE,
    /// The verb's folder grows over several commands and has rules of its own (a run, parts).
    CONTINUE
  }

  /// Outputs that are refused when they are there; options that were not given are left out.
  static List<Output> refusing(Path... paths) {
    return Arrays.stream(paths)
        .filter(Objects::nonNull)
        .map(path -> new Output(path, IfTaken.REFUSE))
        .toList();
  }

  /// An output that the verb compares, and others that are refused.
  static List<Output> comparing(Path compared, Path... refused) {
    List<Output> outputs = new ArrayList<>(refusing(refused));
    if (compared != null) {
      outputs.add(new Output(compared, IfTaken.COMPARE));
    }
    return outputs;
  }

  /// The folder of a verb that goes on with what is there.
  static List<Output> continuing(Path folder) {
    return folder == null ? List.of() : List.of(new Output(folder, IfTaken.CONTINUE));
  }
}
