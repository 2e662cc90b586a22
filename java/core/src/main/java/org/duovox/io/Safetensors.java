package org.duovox.io;

import java.nio.file.Path;
import java.util.Map;

/// The safetensors format (an eight-byte length, a JSON header, the tensors' bytes), read and
/// written strictly.
///
/// The rules are those of the format's README and its reference reader, plus limits of our own
/// against hostile headers; what breaks one is refused with
/// [org.duovox.DuovoxException.Kind#BAD_DATA] before any tensor is read.
public final class Safetensors {
  /// The format's own limit on the header, in bytes.
  static final int MAX_HEADER = 100_000_000;

  static final int MAX_TENSORS = 1_000_000;
  static final int MAX_NAME_BYTES = 4096;
  static final int MAX_RANK = 16;

  private Safetensors() {}

  /// Opens a file and checks its whole header; tensors are read on demand.
  public static SafetensorsFile open(Path file) {
    return SafetensorsFile.open(file);
  }

  /// Starts a file that appears at the target when it is committed.
  public static SafetensorsWriter create(Path target, Map<String, String> metadata) {
    return new SafetensorsWriter(target, metadata);
  }
}
