package org.duovox.recipe;

import java.nio.file.Path;
import org.duovox.recipe.Recipe.Representation;

/// Where the features of a recipe's encoders lie: one folder per encoder, so that two layers of one
/// encoder cost one pass.
record FeatureFolders(Path root) {
  Path folder(Representation representation) {
    return folder(EncoderUse.of(representation));
  }

  Path folder(EncoderUse use) {
    return root.resolve(use.folder());
  }
}
