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
/// @param ifExists what happens when something exists there and `--replace` was not given
public record Output(Path path, Form form, IfExists ifExists) {
  /// What is written. The other one in its place is refused before any work.
  public enum Form {
    FILE,
    FOLDER
  }

  /// What a verb does with an output that exists already.
  enum IfExists {
    /// Refuses it before any work.
    REFUSE,
    /// Compares it with its own input and settings, and reuses or refuses it.
    COMPARE,
    /// Continues in it: a folder that grows over several commands and has rules of its own (a run,
    /// the shards of an extraction).
    CONTINUE
  }

  /// Returns outputs that are refused when they exist; a null (an option not given) is left out.
  public static List<Output> refusing(Form form, Path... paths) {
    return Arrays.stream(paths)
        .filter(Objects::nonNull)
        .map(path -> new Output(path, form, IfExists.REFUSE))
        .toList();
  }

  /// Returns an output that the verb compares (may be null), and files that are refused.
  public static List<Output> comparing(Form form, Path compared, Path... refused) {
    List<Output> outputs = new ArrayList<>(refusing(Form.FILE, refused));
    if (compared != null) {
      outputs.add(new Output(compared, form, IfExists.COMPARE));
    }
    return outputs;
  }

  /// Returns the folder (may be null) of a verb that continues what exists.
  public static List<Output> continuing(Path folder) {
    return folder == null ? List.of() : List.of(new Output(folder, Form.FOLDER, IfExists.CONTINUE));
  }
}
