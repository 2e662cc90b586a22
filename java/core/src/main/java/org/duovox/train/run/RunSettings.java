package org.duovox.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;

/// `train.json` of a run: everything that was decided before the first step. Implemented by
/// records, whose components are the file's keys.
public interface RunSettings {
  /// Returns the SHA-256 of the settings that decide results.
  String configSha256();

  /// Returns the SHA-256 of the corpus, held-out utterances included.
  String corpusSha256();

  /// Returns in words how many utterances are trained on, and held out.
  String size();

  /// Returns the settings that decide results, without what may change when a run is resumed.
  Object essence();

  /// Returns the SHA-256 of an essence.
  static String sha256(Object essence) {
    return Hashes.sha256(Json.line(essence));
  }

  /// Refuses to resume a run that was started with other settings or on another corpus.
  ///
  /// @throws DuovoxException (BAD_CONFIG) that names the settings, or (BAD_DATA) the corpus, that
  ///   differ
  default void requireSame(Path file) {
    RunSettings there = Json.read(file, getClass());
    List<String> differences =
        new ArrayList<>(
            Differences.between(Json.convert(essence()), Json.convert(there.essence())));
    if (!differences.isEmpty()) {
      throw DuovoxException.config(
          ("%s was started with other settings: %s; resume with the same, or start in another"
                  + " folder")
              .formatted(file.getParent(), Differences.text(differences)));
    }
    if (!corpusSha256().equals(there.corpusSha256())) {
      throw DuovoxException.badData(
          ("%s was started on another corpus: sum %s, %s; here %s, %s; resume with the same, or"
                  + " start in another folder")
              .formatted(
                  file.getParent(), there.corpusSha256(), there.size(), corpusSha256(), size()));
    }
  }
}
