package org.duovox.cli.speech;

import org.duovox.audio.manifest.PathRules;
import picocli.CommandLine.Option;

/// Which files a manifest may name, and where they lie: for the verbs that read manifests.
public final class ManifestPaths {
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

  public PathRules rules() {
    return PathRules.of(allowAbsolute, root);
  }
}
