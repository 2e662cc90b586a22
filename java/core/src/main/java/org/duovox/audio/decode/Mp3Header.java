package org.duovox.audio.decode;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;

/// What the first frame of an MP3 file says about all of it, where its encoder wrote that there:
/// the tags `Xing` and `Info`, and `VBRI` of Fraunhofer's.
///
/// @param bytes of all frames; 0: not said
/// @param samples per channel, without those that encoders add at both ends; 0: not said
/// @param frame samples per channel of one frame
record Mp3Header(long bytes, long samples, int frame) {
  /// Of a file whose first frame says nothing.
  static final Mp3Header NONE = new Mp3Header(0, 0, 0);

  private static final int SYNC = 0xFFE0_0000;
  private static final int LAYER = 0x0006_0000;
  private static final int LAYER_3 = 0x0002_0000;
  private static final int VERSION_1 = 0x0018_0000;
  private static final int MONO = 0x0000_00C0;
  private static final int MOST_TAG = 4 + 32 + 160;

  /// The header of a file whose first frame begins with these bytes; empty where it says nothing.
  static Optional<Mp3Header> of(byte[] head) {
    ByteBuffer start = ByteBuffer.wrap(head);
    if (head.length < MOST_TAG
        || (start.getInt(0) & SYNC) != SYNC
        || (start.getInt(0) & LAYER) != LAYER_3) {
      return Optional.empty();
    }
    boolean first = (start.getInt(0) & VERSION_1) == VERSION_1;
    boolean mono = (start.getInt(0) & MONO) == MONO;
    int frame = first ? 1152 : 576;
    int xing = 4 + (first ? (mono ? 17 : 32) : (mono ? 9 : 17)); // Behind the side information.
    return switch (HeaderBytes.text(start, xing)) {
      case "Xing", "Info" -> Optional.of(xing(start.position(xing + 4), frame));
      default ->
          HeaderBytes.text(start, 36).equals("VBRI")
              ? Optional.of(of(start, 36 + 10, 36 + 14, 0, frame))
              : Optional.empty();
    };
  }

  /// Refuses a file that has fewer bytes than all frames, whatever its tags have.
  void requireBytes(Path file, long size) {
    if (size < bytes) {
      throw DuovoxException.badData(
          "%s: is truncated: its header promises %d bytes of audio, but the file has %d. Fetch or convert it again"
              .formatted(file, bytes, size));
    }
  }

  /// Samples per channel that a decoder need not find: some encoders count the frame of the header,
  /// and the first one may need what is not there.
  long slack() {
    return 2L * frame;
  }

  private static Mp3Header xing(ByteBuffer tag, int frame) {
    int flags = tag.getInt();
    int frames = (flags & 1) == 0 ? -1 : skip(tag, 4);
    int bytes = (flags & 2) == 0 ? -1 : skip(tag, 4);
    skip(tag, ((flags & 4) == 0 ? 0 : 100) + ((flags & 8) == 0 ? 0 : 4));
    // Behind the encoder's name: 12 bits for the samples added before, 12 for those behind.
    int added = tag.getInt(tag.position() + 20);
    return of(tag, bytes, frames, ((added >>> 12) & 0xFFF) + (added & 0xFFF), frame);
  }

  private static Mp3Header of(ByteBuffer tag, int bytes, int frames, long added, int frame) {
    long count = frames < 0 ? 0 : Integer.toUnsignedLong(tag.getInt(frames));
    return new Mp3Header(
        bytes < 0 ? 0 : Integer.toUnsignedLong(tag.getInt(bytes)),
        Math.max(0, count * frame - added),
        frame);
  }

  /// Skips a number of bytes and returns where they stood.
  private static int skip(ByteBuffer tag, int count) {
    int at = tag.position();
    tag.position(at + count);
    return at;
  }
}
