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
  void decode(Path file, byte[] head, Sink sink);

  /// Takes decoded audio as it comes, so that no decoder holds a whole file.
  interface Sink {

    /// Called once, before any frame, with what the file's header says; an impossible value is
    /// refused here.
    void format(int sampleRate, int channels);

    /// The header says that so many frames follow; called once after [#format], where it does. More
    /// than can be taken is refused here, before any is decoded.
    default void promised(long frames) {}

    /// The first frame that is of use, known after [#format]. A decoder that can may leave out
    /// those before it and tell so by [#skipped].
    default long firstWanted() {
      return 0;
    }

    /// So many frames were left out, which are not of use.
    default void skipped(long frames) {}

    /// Takes interleaved samples, `frames * channels` of them, full scale at 1.
    void frames(float[] interleaved, int frames);
  }
}
