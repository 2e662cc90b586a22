package org.duovox.eval.abx;

import java.nio.file.Path;
import java.util.Set;
import org.duovox.DuovoxException;
import org.duovox.speech.Frames;

/// Frames of recordings by id, from whatever form of files.
///
/// Frame k stands for the time around `centerMs + k * intervalMs`.
public interface FrameSource extends AutoCloseable {
  /// Opens a folder of `NAME.npy` or `NAME.txt` files, a feature set, a unit set, or embeddings.
  ///
  /// @param layer of a feature set that has several; null for the only one
  /// @param corpus folder of the corpus that embeddings were made of, which says how long each row
  ///   lasts; null for other frames
  /// @throws DuovoxException of kind MISSING_INPUT when the folder holds nothing of the kind, USAGE
  ///   when layer or corpus must be named
  static FrameSource open(Path folder, String layer, Path corpus) {
    return StoredFrames.open(folder, layer, corpus);
  }

  /// All recordings that there are.
  Set<String> ids();

  /// Milliseconds between two frames; NaN when the files do not say.
  double intervalMs();

  /// Time of the first frame in milliseconds; NaN when the files do not say.
  double centerMs();

  /// Whether frames are units, one number each, which have no distance but that of being the same.
  boolean areUnits();

  /// Reads the frames of a recording.
  Frames read(String id);

  /// Returns where the frames of a recording lie, for messages.
  String place(String id);

  @Override
  void close();
}
