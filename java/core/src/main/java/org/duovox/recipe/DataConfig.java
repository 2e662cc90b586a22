package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.audio.layout.DatasetLayout;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.FolderAccess;
import org.duovox.io.Hashes;
import org.duovox.recipe.Recipe.SplitConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;

/// Settings of the data: where the speech is and how it is labeled and split.
///
/// @param root folder, relative to the recipe's file, or to the working folder when given by
///   `--set`
/// @param manifest file under `root` (fairseq `.tsv` or `.jsonl`), or null: all audio files below
///   `root`
/// @param layout name of the published layout that `root` has ([DatasetLayout]), instead of a
///   manifest; or null
/// @param manifestRoot folder that the paths of the manifest lie in instead of its own root, or
///   `OLD=NEW` for one that has moved; null: its own
/// @param allowAbsolute whether a manifest may name files anywhere, and links lead out of `root`
/// @param pattern reads fields from file names, e.g. `{digit}_{speaker}_{index}`; null: fields come
///   from the manifest
/// @param label the field that holds the class to be recognized; null where none is
/// @param shiftsMs copies of every utterance with so many milliseconds of silence in front: other
///   positions of the coarse frame grid. Everything is trained on all copies; a test utterance is
///   read at all positions and its log-probabilities are averaged
/// @param pretrainWhere fields and their values: models are pretrained on the recordings that have
///   them; empty: on all
/// @param pretrainShare of the training recordings that models are pretrained on; codebooks and
///   classifiers read all of them
public record DataConfig(
    String root,
    String manifest,
    String layout,
    String manifestRoot,
    boolean allowAbsolute,
    String pattern,
    String label,
    SplitConfig split,
    List<Integer> shiftsMs,
    Map<String, String> pretrainWhere,
    double pretrainShare) {
  public DataConfig {
    pretrainWhere = pretrainWhere == null ? Map.of() : Map.copyOf(pretrainWhere);
    if (!(pretrainShare > 0 && pretrainShare <= 1)) {
      throw DuovoxException.config(
          "data: pretrain_share must be above 0 and at most 1, but is " + pretrainShare);
    }
  }

  /// The field of a shifted copy that says by how many milliseconds it is shifted.
  public static final String SHIFT_FIELD = "shift_ms";

  /// Returns no data, the default split and no shifted copies.
  public static DataConfig defaults() {
    return new DataConfig(
        null, null, null, null, false, null, null, SplitConfig.defaults(), List.of(), Map.of(), 1);
  }

  /// Returns these settings with all utterances to pretrain on.
  public DataConfig whole() {
    return new DataConfig(
        root,
        manifest,
        layout,
        manifestRoot,
        allowAbsolute,
        pattern,
        label,
        split,
        shiftsMs,
        Map.of(),
        1);
  }

  /// Refuses data that recipes could not use, before any audio is read: a fold with nothing to
  /// pretrain on, and labels that are missing or in test alone.
  ///
  /// @param classifiers whether labels are needed
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA, BAD_CONFIG) with the utterance or fold
  public void requireUsable(boolean classifiers) {
    DataSet.listed(this).requireUsable(this, classifiers);
  }

  /// Returns the recordings that models are pretrained on, with all of their copies. A share of
  /// them are those of the smallest hash, so that a smaller share is part of a larger one.
  ///
  /// @param training all that a fold trains on
  Corpus pretraining(Corpus training) {
    Corpus some = training.filter(u -> u.fields().entrySet().containsAll(pretrainWhere.entrySet()));
    if (some.size() == 0) {
      throw DuovoxException.badData(
          "data.pretrain_where: no training utterance has " + new TreeMap<>(pretrainWhere));
    }
    if (pretrainShare == 1) {
      return some;
    }
    List<String> recordings =
        some.utterances().stream()
            .map(DataConfig::recording)
            .distinct()
            .sorted(Comparator.comparing(Hashes::sha256))
            .toList();
    int count = Math.max(1, (int) Math.round(pretrainShare * recordings.size()));
    Set<String> kept = Set.copyOf(recordings.subList(0, count));
    return some.filter(utterance -> kept.contains(recording(utterance)));
  }

  private static String recording(UnitUtterance utterance) {
    return utterance.fields().getOrDefault(Utterance.COPY_OF, utterance.id());
  }

  /// Returns these settings with absolute roots.
  DataConfig located(Path file, List<String> settings) {
    return new DataConfig(
        Recipe.absolute("data.root", root, file, settings),
        manifest,
        layout,
        manifestRoot == null ? null : locatedRoot(file, settings),
        allowAbsolute,
        pattern,
        label,
        split,
        shiftsMs,
        pretrainWhere,
        pretrainShare);
  }

  /// Reads which utterances there are, and what is known of them.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA, BAD_CONFIG)
  Manifest read() {
    Path folder = Path.of(root);
    if (!Files.isDirectory(folder)) {
      FolderAccess.requireOpen(folder);
      throw DuovoxException.missing("data.root: %s is not a folder".formatted(folder));
    }
    if (layout == null) {
      return Manifest.read(manifest == null ? folder : folder.resolve(manifest), rules());
    }
    if (manifest != null || manifestRoot != null) {
      throw DuovoxException.config("data.layout says how root is read; leave out the manifest");
    }
    Manifest found = DatasetLayout.of(layout).read(folder);
    found.requireInside(folder, rules());
    return found;
  }

  private String locatedRoot(Path file, List<String> settings) {
    String key = "data.manifest_root";
    int equals = manifestRoot.indexOf('=');
    String whole = Recipe.absolute(key, manifestRoot, file, settings);
    return equals < 0 || Files.isDirectory(Path.of(whole))
        ? whole
        : manifestRoot.substring(0, equals + 1)
            + Recipe.absolute(key, manifestRoot.substring(equals + 1), file, settings);
  }

  /// Returns which files the manifest may name, and where they lie.
  PathRules rules() {
    return PathRules.of(allowAbsolute, manifestRoot, PathRules.Names.SETTINGS);
  }
}
