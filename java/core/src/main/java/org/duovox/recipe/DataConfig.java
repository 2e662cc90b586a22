package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.audio.layout.DatasetLayout;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.PathRules;
import org.duovox.recipe.Recipe.SplitConfig;

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
/// @param label the field that holds the class to be recognized
/// @param shiftsMs copies of every utterance with so many milliseconds of silence in front: other
///   positions of the coarse frame grid. Everything is trained on all copies; a test utterance is
///   read at all positions and its log-probabilities are averaged
public record DataConfig(
    String root,
    String manifest,
    String layout,
    String manifestRoot,
    boolean allowAbsolute,
    String pattern,
    String label,
    SplitConfig split,
    List<Integer> shiftsMs) {
  /// The field of a shifted copy that says by how many milliseconds it is shifted.
  public static final String SHIFT_FIELD = "shift_ms";

  /// Returns no data, the default split and no shifted copies.
  public static DataConfig defaults() {
    return new DataConfig(
        null, null, null, null, false, null, null, SplitConfig.defaults(), List.of());
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
        shiftsMs);
  }

  /// Reads which utterances there are, and what is known of them.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA, BAD_CONFIG)
  Manifest read() {
    Path folder = Path.of(root);
    if (!Files.isDirectory(folder)) {
      throw DuovoxException.missing("data.root: %s is not a folder".formatted(folder));
    }
    if (layout == null) {
      return Manifest.read(manifest == null ? folder : folder.resolve(manifest), rules());
    }
    if (manifest != null || manifestRoot != null) {
      throw DuovoxException.config("data.layout says how root is read; leave out the manifest");
    }
    return DatasetLayout.of(layout).read(folder);
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
