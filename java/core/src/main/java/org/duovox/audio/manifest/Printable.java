package org.duovox.audio.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// Names as messages show them: on one line, whatever is in them.
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /// A text with its control characters escaped, in quotation marks, shortened.
  static String quoted(String text) {
    String clean = escaped(text);
    return "\"" + (clean.length() > LONGEST ? clean.substring(0, LONGEST) + "..." : clean) + "\"";
  }

  /// A path with control characters as `\t`, `\n` or `\x07` and bytes that are no UTF-8 as `\xFF`.
  public static String of(Path path) {
    return isText(path) ? escaped(path.toString()) : fromBytes(path);
  }

  /// Whether a path's name is text in the encoding of names: what is not cannot be written down.
  static boolean isText(Path path) {
    try {
      return path.getFileSystem().getPath(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /// A path that is no text, by way of its URI, which has the bytes.
  private static String fromBytes(Path path) {
    byte[] whole = bytes(Path.of("/").resolve(path).toUri().getRawPath(), path.isAbsolute());
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < whole.length; ) {
      int length = character(whole, at);
      text.append(
          length > 0
              ? escaped(new String(whole, at, length, StandardCharsets.UTF_8))
              : "\\x%02X".formatted(whole[at] & 0xFF));
      at += Math.max(1, length);
    }
    return text.toString();
  }

  private static byte[] bytes(String rawPath, boolean absolute) {
    ByteBuffer bytes = ByteBuffer.allocate(rawPath.length());
    for (int i = absolute ? 0 : 1; i < rawPath.length(); i++) {
      boolean coded = rawPath.charAt(i) == '%';
      bytes.put((byte) (coded ? Integer.parseInt(rawPath, i + 1, i + 3, 16) : rawPath.charAt(i)));
      i += coded ? 2 : 0;
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /// Bytes of the UTF-8 character that begins there; 0: none does.
  private static int character(byte[] bytes, int at) {
    for (int length = 1; length <= 4 && at + length <= bytes.length; length++) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length));
        return length;
      } catch (CharacterCodingException e) {
        // One byte more may make it whole.
      }
    }
    return 0;
  }

  /// A text of several lines for a terminal: data in it may hold control characters, which could
  /// move the cursor, clear the screen or hide what follows.
  public static String lines(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) && c != '\n' && c != '\t') {
            out.append("\\x%02X".formatted(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\\' -> out.append("\\\\");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            default -> {
              if (Character.isISOControl(c)) {
                out.append("\\x%02X".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            }
          }
        });
    return out.toString();
  }
}
