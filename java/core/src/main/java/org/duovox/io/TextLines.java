package org.duovox.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.duovox.DuovoxException;

/// Reads the lines of a UTF-8 text file one by one, for data that others wrote: what is not text,
/// control characters and overlong lines are refused with file and line, and a last line that may
/// be cut off is reported.
///
/// Lines end with LF or CR LF; a byte-order mark at the start is passed over ([TextInput]). A file
/// without lines is refused.
public final class TextLines implements AutoCloseable {
  /// What to do with a last line that no line feed ends.
  public enum End {
    /// Take it with a warning: many programs end their files so, but it may be the rest of a longer
    /// one.
    EXPECTED,
    /// Take it as it is.
    OPTIONAL
  }

  // 64 Mi bytes are 80 hours of three-digit units at 50 Hz.
  private static final int MAX_LINE = 64 << 20;
  private static final System.Logger LOG = System.getLogger(TextLines.class.getName());

  private final Path file;
  private final InputStream stream;
  private final End end;
  private byte[] line = new byte[1024];
  private int number;

  private TextLines(Path file, InputStream stream, End end) {
    this.file = file;
    this.stream = stream;
    this.end = end;
  }

  /// Opens a file.
  public static TextLines open(Path file, End end) {
    FileKind.requireText(file, "a text file");
    return new TextLines(file, TextInput.open(file), end);
  }

  /// Returns the next line without its end, or null after the last one.
  public String next() {
    try {
      int next = stream.read();
      if (next < 0 && number == 0) {
        throw DuovoxException.badData(file + ": is empty");
      }
      return next < 0 ? null : line(next);
    } catch (IOException e) {
      throw DuovoxException.io("cannot read " + file, e);
    }
  }

  private String line(int first) throws IOException {
    number++;
    int length = 0;
    int next = first;
    for (; next >= 0 && next != '\n'; next = stream.read()) {
      if (length == MAX_LINE) {
        throw DuovoxException.badData(where() + ": a line of more than 67108864 bytes");
      }
      line = length < line.length ? line : Arrays.copyOf(line, 2 * length);
      line[length++] = (byte) next;
    }
    if (next < 0 && end == End.EXPECTED) {
      LOG.log(
          System.Logger.Level.WARNING,
          where() + ": the last line does not end with a line feed; is the file whole?");
    }
    return text(length > 0 && line[length - 1] == '\r' ? length - 1 : length);
  }

  private String text(int length) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw DuovoxException.badData(where() + ": is not UTF-8 text", e);
    }
    if (text.startsWith("\uFEFF")) {
      throw DuovoxException.badData(
          where() + ": begins with a byte-order mark within the file; were files joined?");
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\r') {
        throw DuovoxException.badData(
            "%s: a carriage return at column %d without a line feed; lines end with LF or CR LF. Convert the line ends"
                .formatted(where(), i + 1));
      }
      if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
        throw DuovoxException.badData(
            "%s: control character %d at column %d"
                .formatted(where(), (int) text.charAt(i), i + 1));
      }
    }
    return text;
  }

  /// Returns file and number of the line that [#next()] returned, for messages.
  public String where() {
    return file + ":" + number;
  }

  /// Returns the file.
  public Path path() {
    return file;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // Everything that was wanted has been read.
    }
  }
}
