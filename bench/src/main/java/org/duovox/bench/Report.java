package org.duovox.bench;

import java.nio.file.Path;
import java.util.List;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.jspecify.annotations.Nullable;

/// A whole result, as its JSON file holds it.
///
/// @param objections why it is not to be published; empty: it is
/// @param productLimit operations per second of a matrix product, in 10^9; null without DJL
/// @param missing contenders that could not be had
record Report(
    List<String> objections,
    Provenance provenance,
    @Nullable Double productLimit,
    List<Side> missing,
    List<Proof.Agreement> proof,
    List<CaseResult> cases) {
  /// Writes `file` (JSON) and the table beside it.
  void write(Path file) {
    AtomicFiles.write(file, Json.pretty(this) + "\n");
    String name = file.getFileName().toString().replaceFirst("\\.json$", ".md");
    AtomicFiles.write(file.resolveSibling(name), Table.of(this));
  }
}
