package org.duovox.cli.console;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A file or folder that the command line names for a verb to write.
///
/// @param path as the user named it
/// @param form what the verb writes there
/// @param ifTaken what happens when something is there and `--replace` is not given
public record Output(Path path, Form form, IfTaken ifTaken) {
  /// Which of two, so that the other one in its place is refused before any work.
  public enum Form {
    FILE,
    FOLDER
  }

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
  public static List<Output> refusing(Form form, Path... paths) {
    return Arrays.stream(paths)
        .filter(Objects::nonNull)
        .map(path -> new Output(path, form, IfTaken.REFUSE))
        .toList();
  }

  /// An output that the verb compares, and files that are refused.
  public static List<Output> comparing(Form form, Path compared, Path... refused) {
    List<Output> outputs = new ArrayList<>(refusing(Form.FILE, refused));
    if (compared != null) {
      outputs.add(new Output(compared, form, IfTaken.COMPARE));
    }
    return outputs;
  }

  /// The folder of a verb that goes on with what is there.
  public static List<Output> continuing(Path folder) {
    return folder == null ? List.of() : List.of(new Output(folder, Form.FOLDER, IfTaken.CONTINUE));
  }
}
