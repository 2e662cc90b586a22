package org.duovox.units.sets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.units.Codebook;
import tools.jackson.databind.JsonNode;

/// Checks of a folder with a `manifest.json`: that it is of the expected kind and a known version,
/// and that codebook and index beside it are those of the manifest.
public final class ManifestChecks {
  private ManifestChecks() {}

  /// Reads the codebook beside a manifest; empty when the manifest names none.
  ///
  /// @throws DuovoxException (BAD_DATA) when the file is another codebook than the manifest's
  public static Optional<Codebook> codebook(Path file, String sha256, int vocabulary) {
    if (sha256.isEmpty()) {
      if (Files.exists(file)) {
        throw DuovoxException.badData(
            file + ": lies beside units without a codebook; the manifest does not know it");
      }
      return Optional.empty();
    }
    Codebook codebook = Codebook.read(file);
    if (!codebook.sha256().equals(sha256) || codebook.clusters() != vocabulary) {
      throw DuovoxException.badData(
          ("%s: is not the codebook of the manifest (%d codes, %s against %d codes, %s); make the"
                  + " folder again")
              .formatted(file, codebook.clusters(), codebook.sha256(), vocabulary, sha256));
    }
    return Optional.of(codebook);
  }

  /// Refuses a folder whose index has another number of shards than its manifest.
  public static void requireShards(Path folder, int inManifest, int inIndex) {
    if (inManifest != inIndex) {
      throw DuovoxException.badData(
          "%s: the manifest says %d shards, the index %d; make the folder again"
              .formatted(folder, inManifest, inIndex));
    }
  }

  /// Refuses a manifest that is missing, of another format or of a later version, before its keys
  /// are read.
  public static void requireFormat(Path file, String format, String what) {
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.missing(
          "%s is not %s: it has no %s".formatted(file.getParent(), what, file.getFileName()));
    }
    JsonNode tree = Json.tree(file);
    String found = tree.path("format").asString("");
    if (!found.equals(format)) {
      throw DuovoxException.badData(
          "%s: is '%s', not %s (%s)".formatted(file, found, what, format));
    }
    int version = tree.path("version").asInt(0);
    if (version != 1) {
      throw DuovoxException.badData(
          "%s: is version %d of %s, this program reads version 1".formatted(file, version, format));
    }
  }
}
