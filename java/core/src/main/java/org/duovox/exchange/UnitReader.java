package org.duovox.exchange;

import java.util.Map;
import java.util.OptionalInt;
import org.duovox.units.UtteranceInfo;

/// Reads units in a format of another toolkit, as often as it is asked to.
public interface UnitReader {
  /// Receives one utterance after the other.
  @FunctionalInterface
  interface Sink {
    /// @param info its `frames` are those of `units`
    /// @param units one per frame
    /// @param where file and line, for messages
    void accept(UtteranceInfo info, int[] units, String where);
  }

  /// Reads all utterances in the order of the file.
  ///
  /// @throws org.duovox.DuovoxException (BAD_DATA) with file and line for anything that does not
  ///   fit
  void read(Sink sink);

  /// Number of codes, where the format tells.
  OptionalInt vocabulary();

  /// What else is to be remembered, for the manifest.
  Map<String, String> source();
}
