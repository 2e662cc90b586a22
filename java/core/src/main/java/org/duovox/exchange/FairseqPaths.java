package org.duovox.exchange;

import org.duovox.DuovoxException;
import org.duovox.audio.manifest.UtteranceIds;
import org.duovox.units.UtteranceInfo;

/// Paths for the lines of a fairseq manifest.
final class FairseqPaths {
  private FairseqPaths() {}

  /// The path that an utterance was imported with, or its id with an extension.
  ///
  /// @throws DuovoxException (BAD_DATA) when a reader would make another id of it
  static String path(UtteranceInfo info, String extension) {
    String kept = info.fields().get(FairseqUnits.PATH);
    String path = kept == null ? info.id() + extension : kept;
    // Other sources have a field of that name too, which need not be the audio's.
    if (kept != null && !isPathOf(kept, info.id())) {
      path = info.id() + extension;
    }
    if (!isPathOf(path, info.id())) {
      throw DuovoxException.badData(
          "'%s': the id cannot be written as a path of a .tsv; write .jsonl".formatted(info.id()));
    }
    return path;
  }

  private static boolean isPathOf(String path, String id) {
    try {
      return path.indexOf('\t') < 0 && UtteranceIds.ofPath(path, "").equals(id);
    } catch (DuovoxException e) {
      return false;
    }
  }
}
