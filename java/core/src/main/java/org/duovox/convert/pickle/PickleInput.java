package org.duovox.convert.pickle;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;
import org.duovox.DuovoxException;

/// Reads the instructions of a pickle from a source of known length; every length is compared with
/// what is left before anything is reserved for it.
public final class PickleInput implements AutoCloseable {
  private final ByteSource source;
  private final String where;
  private final InputStream stream;
  private long at;

  public PickleInput(ByteSource source, String where) {
    this.source = source;
    this.where = where;
    try {
      stream = new BufferedInputStream(source.open(0), 1 << 16);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  public int unsignedByte() {
    return bytes(1)[0] & 0xFF;
  }

  int unsignedShort() {
    return little(2).getShort() & 0xFFFF;
  }

  int signedInt() {
    return little(4).getInt();
  }

  long unsignedInt() {
    return signedInt() & 0xFFFFFFFFL;
  }

  public long signedLong() {
    return little(8).getLong();
  }

  /// The next bytes, which the file must still hold.
  public byte[] bytes(long n) {
    require(n);
    if (n > Limits.HEAP_BYTES) {
      throw bad("one value of %d bytes".formatted(n));
    }
    byte[] bytes = new byte[(int) n];
    try {
      int got = stream.readNBytes(bytes, 0, bytes.length);
      if (got < bytes.length) {
        throw new EOFException();
      }
    } catch (IOException e) {
      throw failure(e);
    }
    at += n;
    return bytes;
  }

  /// The next bytes as a part of the source, left where they are.
  public ByteSource region(long n) {
    require(n);
    try {
      stream.skipNBytes(n);
    } catch (IOException e) {
      throw failure(e);
    }
    at += n;
    return source.slice(at - n, n);
  }

  /// Text up to a line feed, which is consumed.
  String line(int longest) {
    return utf8(lineBytes(longest));
  }

  /// The same with one character a byte.
  String latinLine(int longest) {
    return new String(lineBytes(longest), StandardCharsets.ISO_8859_1);
  }

  private byte[] lineBytes(int longest) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = unsignedByte(); next != '\n'; next = unsignedByte()) {
      if (line.size() >= longest) {
        throw bad("a line of more than %d bytes".formatted(longest));
      }
      line.write(next);
    }
    return line.toByteArray();
  }

  /// UTF-8 as Python writes it; half a surrogate pair, which Python lets pass, is refused.
  String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw bad("text that is not UTF-8");
    }
  }

  /// Returns an error (BAD_DATA) with file and place.
  public DuovoxException bad(String what) {
    return DuovoxException.badData("%s: byte %d: %s".formatted(where, at, what));
  }

  /// The file and whatever else begins an error's message.
  String where() {
    return where;
  }

  private ByteBuffer little(int n) {
    return ByteBuffer.wrap(bytes(n)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Refuses a length that the rest of the file does not have.
  void require(long n) {
    if (n < 0 || n > source.size() - at) {
      throw bad(
          "%s bytes are needed and %d are left; the file is truncated or damaged"
              .formatted(Long.toUnsignedString(n), source.size() - at));
    }
  }

  private DuovoxException failure(IOException e) {
    return e instanceof EOFException || e instanceof ZipException
        ? bad("the file is truncated or damaged (%s)".formatted(DuovoxException.reason(e)))
        : DuovoxException.io("cannot read " + where, e);
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Nothing of it is wanted any more.
    }
  }
}
