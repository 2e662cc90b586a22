package org.duovox.units;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.io.Json;
import tools.jackson.databind.JsonNode;

/// First look at a `manifest.json`: is this the kind of folder that was meant, in a version that is
/// known?
final class Manifests {
  private Manifests() {}

  /// Refuses a file that is not there, of another format or of a later version, before its keys are
  /// read.
  static void requireFormat(Path file, String format, String what) {
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
