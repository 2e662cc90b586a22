package org.duovox.units.corpus;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.io.json.Json;
import org.duovox.units.FeatureLayer;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitReuse;
import org.duovox.units.sets.UnitSet;

/// Compares a finished corpus with what an alignment would write, as far as its manifest and index
/// tell.
public final class CorpusReuse {
  private CorpusReuse() {}

  /// Compares a corpus with the alignment of two unit sets.
  ///
  /// @param kept features that the alignment would keep
  /// @return what differs, in words; "" when nothing does
  public static String difference(
      Path folder,
      UnitSet contextual,
      UnitSet phonetic,
      AlignConfig config,
      Optional<CorpusBuilder.KeptFeatures> kept) {
    return UnitReuse.compared(() -> {
      CorpusManifest found = Corpus.manifest(folder);
      String units = units(found, contextual, phonetic);
      if (!units.isEmpty()) {
        return units;
      }
      if (!found.align().equals(config)) {
        return "aligned with %s against %s".formatted(Json.line(found.align()), Json.line(config));
      }
      String features = features(found.contextualFeatures(), contextual, kept);
      return features.isEmpty()
          ? utterances(Corpus.open(folder), found, contextual, phonetic)
          : features;
    });
  }

  private static String units(CorpusManifest found, UnitSet contextual, UnitSet phonetic) {
    if (!found.contextual().equals(CorpusBuilder.describe(contextual))) {
      return "other contextual units";
    }
    if (!found.phonetic().equals(CorpusBuilder.describe(phonetic))) {
      return "other phonetic units";
    }
    boolean known =
        !found.contextual().unitsSha256().isEmpty() && !found.phonetic().unitsSha256().isEmpty();
    return known ? UnitReuse.version(found.duovox()) : "which units it was made of is not recorded";
  }

  private static String features(
      CorpusManifest.Features found,
      UnitSet contextual,
      Optional<CorpusBuilder.KeptFeatures> kept) {
    if (found == null || kept.isEmpty()) {
      return found == null && kept.isEmpty() ? "" : "with and without features of the tokens";
    }
    FeatureLayer layer = kept.get().layer();
    if (!found.features().equals(layer.stream()) || found.dtype() != kept.get().type()) {
      return "other features of the tokens";
    }
    boolean same =
        contextual.utterances().equals(layer.utterances()) && UnitReuse.known(layer.utterances());
    return same ? "" : "whether the features of the tokens are the same is not recorded";
  }

  private static String utterances(
      Corpus corpus, CorpusManifest found, UnitSet contextual, UnitSet phonetic) {
    List<String> left = found.skipped().stream().map(CorpusManifest.Skipped::id).toList();
    Map<String, UtteranceInfo> fine = new HashMap<>();
    phonetic.utterances().forEach(utterance -> fine.put(utterance.id(), utterance));
    int next = 0;
    for (UtteranceInfo coarse : contextual.utterances()) {
      if (left.contains(coarse.id())) {
        continue;
      }
      UtteranceInfo other = fine.get(coarse.id());
      if (next == corpus.size() || other == null) {
        return "other utterances";
      }
      UnitUtterance there = corpus.utterance(next++);
      UtteranceInfo wanted = CorpusBuilder.joined(coarse, other);
      if (!there.id().equals(wanted.id())
          || there.samples() != wanted.samples()
          || !there.fields().equals(wanted.fields())
          || !there.audioSha256().equals(wanted.audioSha256())) {
        return "the utterance %s has other fields or audio".formatted(coarse.id());
      }
    }
    return next == corpus.size() ? "" : "other utterances";
  }
}
