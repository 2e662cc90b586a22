package org.duovox.audio.decode;

import java.nio.file.Path;

/// Decodes one family of audio formats.
///
/// Implementations are safe for use by several threads, never trust a file's header, and report
/// every fault of a file as a [org.duovox.DuovoxException] that names the file.
public interface AudioDecoder {

  /// Whether this decoder is the one for a file.
  ///
  /// @param head the first bytes of the file, up to 4096
  boolean accepts(Path file, byte[] head);

  /// Sends the decoded audio to the sink, piece by piece.
  ///
  /// @param head the first bytes of the file, up to 4096
  void decode(Path file, byte[] head, SampleSink sink);
}
