package org.duovox.convert.layout;

import java.util.Optional;
import org.duovox.convert.checkpoint.CheckpointFile;

/// A kind of checkpoint, recognized by what is in it.
public interface Layout {
  /// What the checkpoint becomes; empty when it is of another kind. A checkpoint of this kind that
  /// does not hold together is [Malformed].
  Optional<Converted> read(CheckpointFile checkpoint);
}
