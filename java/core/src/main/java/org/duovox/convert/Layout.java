package org.duovox.convert;

import java.util.Optional;

/// A kind of checkpoint, recognized by what is in it.
interface Layout {
  /// What the checkpoint becomes; empty when it is of another kind. A checkpoint of this kind that
  /// does not hold together is [Malformed].
  Optional<Converted> read(CheckpointFile checkpoint);
}
