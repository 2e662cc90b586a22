package org.duovox.audio.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import org.duovox.DuovoxException;

/// The end of an Ogg file (RFC 3533): the last page says that it is the last. FFmpeg does not mind.
final class OggEnd {
  private static final int MAGIC = 0x4F676753;
  private static final int HEADER = 27;
  private static final int SEGMENTS = 255;
  private static final int MOST = HEADER + SEGMENTS + SEGMENTS * 255;
  private static final int FLAGS = 5;
  private static final int LAST = 4;

  private OggEnd() {}

  static boolean isOgg(byte[] head) {
    return head.length >= HEADER && ByteBuffer.wrap(head).getInt(0) == MAGIC;
  }

  /// Refuses a file that ends before its last page does; what is no page, such as a tag, may follow
  /// that.
  static void require(Path file, SeekableByteChannel channel) throws IOException {
    long from = Math.max(0, channel.size() - MOST);
    ByteBuffer tail = HeaderBytes.read(channel, from, MOST, ByteOrder.BIG_ENDIAN);
    int at = tail.limit() - Integer.BYTES;
    while (at >= 0 && tail.getInt(at) != MAGIC) {
      at--;
    }
    if (at >= 0 && !endsStream(tail, at)) {
      throw DuovoxException.badData(
          file
              + ": is truncated: its last page is cut off or not marked as the last. Fetch or convert it again;"
              + " if the recording itself broke off, 'ffmpeg -i FILE -c copy NEW' marks its end");
    }
  }

  private static boolean endsStream(ByteBuffer tail, int at) {
    if (at + HEADER > tail.limit() || (tail.get(at + FLAGS) & LAST) == 0) {
      return false;
    }
    int begin = at + HEADER + Byte.toUnsignedInt(tail.get(at + HEADER - 1));
    int size = 0;
    for (int i = at + HEADER; i < begin && begin <= tail.limit(); i++) {
      size += Byte.toUnsignedInt(tail.get(i));
    }
    return begin + size <= tail.limit();
  }
}
