package org.duovox.convert;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.units.StreamInfo;

/// What to convert, and how.
///
/// @param source a checkpoint, or a folder that holds one
/// @param target the folder to write
/// @param generic whether tensors of an unknown layout are written under their own names
/// @param maxBytes how much a file may say that it holds
/// @param origin the features that a codebook belongs to, where that is known
/// @param heads attention heads of a unit language model, which its tensors do not tell
public record ConvertRequest(
    Path source,
    Path target,
    boolean generic,
    long maxBytes,
    Optional<Origin> origin,
    OptionalInt heads) {
  /// 16 GiB: above every published speech model.
  public static final long MAX_BYTES = 16L << 30;

  /// Features that a codebook was fitted on.
  ///
  /// @param width values per frame, which the centroids must have too
  public record Origin(StreamInfo stream, int width) {}
}
