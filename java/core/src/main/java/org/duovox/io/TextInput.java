package org.duovox.io;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;

/// Opens text files: UTF-8, with or without a byte-order mark; UTF-16 and UTF-32 are refused by
/// name.
///
/// All text files are opened here, so that no reader takes the mark for a part of the text.
public final class TextInput {
  private static final int HEAD = 4;
  private static final int MARK = 3;
  private static final int BUFFER = 1 << 16;

  private TextInput() {}

  /// Opens a file behind its byte-order mark; the caller closes the stream.
  ///
  /// @throws DuovoxException MISSING_INPUT, or BAD_DATA for a folder and for UTF-16 and UTF-32
  public static InputStream open(Path file) {
    requireNoFolder(file);
    try {
      InputStream stream = new BufferedInputStream(Files.newInputStream(file), BUFFER);
      try {
        stream.mark(HEAD);
        int start = start(stream.readNBytes(HEAD), file);
        stream.reset();
        stream.skipNBytes(start);
        return stream;
      } catch (IOException | DuovoxException e) {
        stream.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// Opens a file behind its byte-order mark as a reader of lines; the caller closes it.
  public static BufferedReader reader(Path file) {
    return new BufferedReader(
        new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder()));
  }

  /// Reads the bytes of a whole file behind its byte-order mark.
  public static byte[] bytes(Path file) {
    requireNoFolder(file);
    try {
      byte[] bytes = Files.readAllBytes(file);
      int start = start(Arrays.copyOf(bytes, Math.min(HEAD, bytes.length)), file);
      return start == 0 ? bytes : Arrays.copyOfRange(bytes, start, bytes.length);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// Reads the text of a whole file.
  ///
  /// @throws DuovoxException MISSING_INPUT, or BAD_DATA for what is not UTF-8
  public static String read(Path file) {
    return text(file, bytes(file));
  }

  /// Reads the text of a file that another process may still be writing: up to its last line feed.
  ///
  /// @throws DuovoxException MISSING_INPUT, or BAD_DATA for what is not UTF-8
  public static String readWritten(Path file) {
    byte[] bytes = bytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return text(file, Arrays.copyOf(bytes, end));
  }

  private static String text(Path file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
    } catch (CharacterCodingException e) {
      long line = 1 + IntStream.range(0, in.position()).filter(i -> bytes[i] == '\n').count();
      throw DuovoxException.badData(
          "%s: is not UTF-8 text (line %d); save it as UTF-8".formatted(file, line), e);
    }
  }

  private static DuovoxException failure(Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? DuovoxException.missing("no such file: " + file)
        : DuovoxException.io("cannot read " + file, e);
  }

  private static void requireNoFolder(Path file) {
    if (Files.isDirectory(file)) {
      throw DuovoxException.badData(file + ": is a folder, not a text file");
    }
    FileKind.requireNoPipe(file);
  }

  /// Returns where the text begins.
  ///
  /// @param head the first bytes, up to four
  private static int start(byte[] head, Path file) {
    int[] b = new int[HEAD];
    Arrays.fill(b, -1);
    for (int i = 0; i < head.length; i++) {
      b[i] = Byte.toUnsignedInt(head[i]);
    }
    if (b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF) {
      return MARK;
    }
    boolean little = b[0] == 0xFF && b[1] == 0xFE;
    boolean big = b[0] == 0xFE && b[1] == 0xFF;
    if ((little && b[2] == 0 && b[3] == 0) || (b[0] == 0 && b[1] == 0 && b[2] == 0xFE)) {
      throw other(file, "UTF-32");
    }
    // Text never holds the byte 0, but every other byte of Latin letters in UTF-16.
    if (little || big || (b[0] == 0 && b[1] > 0) || (b[0] > 0 && b[1] == 0 && b[3] == 0)) {
      throw other(file, "UTF-16");
    }
    return 0;
  }

  private static DuovoxException other(Path file, String encoding) {
    return DuovoxException.badData(
        "%s: is %s text; save it as UTF-8 (iconv -f %s -t UTF-8)"
            .formatted(file, encoding, encoding));
  }
}
