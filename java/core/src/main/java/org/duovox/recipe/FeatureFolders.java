package org.duovox.recipe;

import java.nio.file.Path;
import org.duovox.recipe.Recipe.Representation;

/// Where the features of a recipe's encoders lie: one folder per encoder, so that two layers of one
/// encoder cost one pass.
record FeatureFolders(Path root) {
  Path folder(Representation representation) {
    return folder(representation.encoder());
  }

  Path folder(String encoder) {
    return root.resolve(Path.of(encoder).getFileName().toString());
  }
}
