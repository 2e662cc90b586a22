package org.duovox.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.eval.SsimiResult;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;

/// The file with what a fold's model made of every pair of words: `pairs.json`. Every fold scores
/// the same pairs in the same order.
///
/// @param groups by `type/dataset`
record PairScores(Map<String, Group> groups) {
  private static final String FILE = "pairs.json";

  /// The pairs of one type and dataset.
  ///
  /// @param human (pairs) judgements
  /// @param distances (pairs); null where undefined
  record Group(List<Double> human, List<Double> distances) {
    double[] judged() {
      return values(human);
    }

    double[] measured() {
      return values(distances);
    }

    private static double[] values(List<Double> of) {
      return of.stream().mapToDouble(value -> value == null ? Double.NaN : value).toArray();
    }
  }

  static PairScores of(SsimiResult result) {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (SsimiResult.PairScore pair : result.pairs()) {
      Group group =
          groups.computeIfAbsent(
              pair.type() + "/" + pair.dataset(),
              name -> new Group(new ArrayList<>(), new ArrayList<>()));
      group.human().add(pair.human());
      group.distances().add(pair.score());
    }
    return new PairScores(groups);
  }

  void write(Path folder) {
    AtomicFiles.write(folder.resolve(FILE), Json.pretty(this));
  }

  static PairScores read(Path folder) {
    return Json.read(folder.resolve(FILE), PairScores.class);
  }
}
