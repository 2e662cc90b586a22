package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.duovox.DuovoxException;

/// The ID3v2 tag of MP3 files, which some programs put before other formats too.
final class Id3Tag {
  private static final int HEADER = 10;
  private static final int HAS_FOOTER = 0x10;

  // Formats that have no place for it, as they begin.
  private static final Set<String> OTHERS =
      Set.of("RIFF", "RIFX", "RF64", "BW64", "FORM", "caff", ".snd", "NIST", "wvpk");

  private Id3Tag() {}

  /// The first bytes of a file behind its tag, or those that it begins with.
  ///
  /// @throws DuovoxException (BAD_DATA) for a tag before a format that FFmpeg then does not know
  static byte[] skip(Path file, SeekableByteChannel channel, byte[] head) throws IOException {
    long at = end(head);
    if (at == 0) {
      return head;
    }
    ByteBuffer behind = HeaderBytes.read(channel, at, head.length, ByteOrder.BIG_ENDIAN);
    String magic = HeaderBytes.text(behind, 0);
    if (OTHERS.contains(magic) || HeaderBytes.text(behind, 4).equals("ftyp")) {
      throw DuovoxException.badData(
          "%s: begins with an ID3 tag of %d bytes, which does not belong before a file of this kind (%s). Remove the tag, or fetch the file without it"
              .formatted(file, at, OTHERS.contains(magic) ? magic.strip() : "MP4"));
    }
    return Arrays.copyOf(behind.array(), behind.limit());
  }

  /// Where what was tagged begins; 0 without a tag.
  private static long end(byte[] head) {
    if (head.length < HEADER || !HeaderBytes.text(ByteBuffer.wrap(head), 0).startsWith("ID3")) {
      return 0;
    }
    long size = 0;
    for (int i = 6; i < HEADER; i++) {
      size = (size << 7) | (head[i] & 0x7F); // No byte of a size looks like the start of a frame.
    }
    return size + HEADER + ((head[5] & HAS_FOOTER) == 0 ? 0 : HEADER);
  }
}
