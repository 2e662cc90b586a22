package org.duovox.recipe;

import java.nio.file.Path;

/// The units of one fold in one folder: `contextual` and `phonetic` (unit sets, each with its
/// codebook) and `corpus`.
record Streams(Path folder) {
  Path contextual() {
    return folder.resolve("contextual");
  }

  Path phonetic() {
    return folder.resolve("phonetic");
  }

  Path corpus() {
    return folder.resolve("corpus");
  }
}
