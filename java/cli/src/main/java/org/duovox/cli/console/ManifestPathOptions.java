package org.duovox.cli.console;

import org.duovox.audio.manifest.PathRules;
import picocli.CommandLine.Option;

/// `--root` and `--allow-absolute` of the verbs that read manifests: where the files of a manifest
/// lie, and which it may name.
public final class ManifestPathOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR|OLD=NEW",
      description = {
        "Folder that the paths of a manifest lie in, in place of its own root; absolute paths below"
            + " it are taken.",
        "OLD=NEW: absolute paths below OLD are now below NEW."
      })
  private String root;

  @Option(
      names = "--allow-absolute",
      description =
          "Let a manifest name files by absolute paths, and paths and links lead out of its root.")
  private boolean allowAbsolute;

  /// Returns the rules that the two options make.
  public PathRules rules() {
    return PathRules.of(allowAbsolute, root);
  }
}
