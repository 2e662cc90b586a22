package org.duovox.train.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;

/// `train.json` of a run: everything that was decided before the first step. A record, whose
/// components are the file's keys.
public interface RunSettings {
  /// Sum of the settings that decide results.
  String configSha256();

  /// Sum of the corpus, held-out utterances included.
  String corpusSha256();

  /// Utterances that are trained on, and held out, in words.
  String size();

  /// The settings that decide results, without what may change when a run goes on.
  Object essence();

  /// Sum of an essence.
  static String sha256(Object essence) {
    return Hashes.sha256(Json.line(essence));
  }

  /// Refuses to go on with a run that was started otherwise.
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
