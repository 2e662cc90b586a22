package org.duovox.convert.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.duovox.convert.pickle.Unpickler.Opcode;

/// The instructions of a pickle that push a number, a text or bytes.
final class ValueOpcodes {
  private static final int NEWEST_PROTOCOL = 5;

  private ValueOpcodes() {}

  static void register(Opcode[] table) {
    frame(table);
    constants(table);
    integers(table);
    texts(table);
    bytes(table);
  }

  private static void frame(Opcode[] table) {
    table[0x80] = ValueOpcodes::protocol;
    table[0x95] = m -> m.input().signedLong(); // A frame: its length is of no use here.
    table['.'] = Unpickler::stop;
    table[0x98] = m -> m.peek(); // Read-only: all bytes are.
    table[0x97] =
        m -> {
          throw m.input().bad("the pickle keeps data outside of itself; dump it in one file");
        };
  }

  private static void constants(Opcode[] table) {
    table['N'] = m -> m.push(null);
    table[0x88] = m -> m.push(true);
    table[0x89] = m -> m.push(false);
  }

  private static void integers(Opcode[] table) {
    table['I'] = ValueOpcodes::integerLine;
    table['L'] = ValueOpcodes::longLine;
    table['J'] = m -> m.push((long) m.input().signedInt());
    table['K'] = m -> m.push((long) m.input().unsignedByte());
    table['M'] = m -> m.push((long) m.input().unsignedShort());
    table[0x8a] = m -> m.push(integer(m.input().bytes(m.input().unsignedByte())));
    table[0x8b] = m -> m.push(integer(m.input().bytes(numberLength(m))));
    table['F'] = ValueOpcodes::realLine;
    table['G'] = m -> m.push(Double.longBitsToDouble(Long.reverseBytes(m.input().signedLong())));
  }

  private static void texts(Opcode[] table) {
    table['S'] = m -> text(m, EscapedText.quoted(m.input().latinLine(Limits.LINE), m.input()));
    table['V'] = m -> text(m, EscapedText.unicode(m.input().latinLine(Limits.LINE), m.input()));
    table['T'] = m -> latin(m, m.input().signedInt());
    table['U'] = m -> latin(m, m.input().unsignedByte());
    table['X'] = m -> unicode(m, m.input().unsignedInt());
    table[0x8c] = m -> unicode(m, m.input().unsignedByte());
    table[0x8d] = m -> unicode(m, m.input().signedLong());
  }

  private static void bytes(Opcode[] table) {
    table['B'] = m -> m.push(m.input().region(m.input().unsignedInt()));
    table['C'] = m -> m.push(m.input().region(m.input().unsignedByte()));
    table[0x8e] = m -> m.push(m.input().region(m.input().signedLong()));
    table[0x96] = m -> m.push(m.input().region(m.input().signedLong()));
  }

  private static void protocol(Unpickler m) {
    int version = m.input().unsignedByte();
    if (version > NEWEST_PROTOCOL) {
      throw m.input().bad("pickle protocol %d; known are 0 to 5".formatted(version));
    }
  }

  private static int numberLength(Unpickler m) {
    long length = m.input().signedInt();
    if (length < 0 || length > Limits.NUMBER_BYTES) {
      throw m.input().bad("a whole number of %d bytes".formatted(length));
    }
    return (int) length;
  }

  private static Object integer(byte[] little) {
    byte[] big = new byte[little.length + 1];
    for (int i = 0; i < little.length; i++) {
      big[big.length - 1 - i] = little[i];
    }
    big[0] = (byte) (little.length > 0 && little[little.length - 1] < 0 ? -1 : 0);
    return narrow(new BigInteger(big));
  }

  private static Object narrow(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /// `01` and `00` are the truth values of the oldest protocol.
  private static void integerLine(Unpickler m) {
    String line = m.input().line(Limits.NUMBER_LINE);
    switch (line) {
      case "01" -> m.push(true);
      case "00" -> m.push(false);
      default -> m.push(parse(m, line));
    }
  }

  private static void longLine(Unpickler m) {
    String line = m.input().line(Limits.NUMBER_LINE);
    m.push(parse(m, line.endsWith("L") ? line.substring(0, line.length() - 1) : line));
  }

  private static Object parse(Unpickler m, String digits) {
    try {
      return narrow(new BigInteger(digits.strip()));
    } catch (NumberFormatException e) {
      throw m.input().bad("'%s' is no whole number".formatted(digits));
    }
  }

  private static void realLine(Unpickler m) {
    String line = m.input().line(Limits.NUMBER_LINE).strip();
    try {
      m.push(
          switch (line) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(line);
          });
    } catch (NumberFormatException e) {
      throw m.input().bad("'%s' is no number".formatted(line));
    }
  }

  private static void latin(Unpickler m, long length) {
    reserve(m, length);
    text(m, new String(m.input().bytes(length), StandardCharsets.ISO_8859_1));
  }

  private static void unicode(Unpickler m, long length) {
    reserve(m, length);
    text(m, m.input().utf8(m.input().bytes(length)));
  }

  /// Counts text before it is read, so that its length is bounded first: while it is decoded, its
  /// bytes and its characters are there too.
  private static void reserve(Unpickler m, long length) {
    m.input().require(length);
    m.charge(3 * length);
  }

  private static void text(Unpickler m, String text) {
    m.charge(text.length() + 40L);
    m.push(text);
  }

  /// The two spellings of text in the oldest pickle protocol.
  private static final class EscapedText {
    private EscapedText() {}

    /// A text in quotes with the escapes of a Python 2 string.
    static String quoted(String line, PickleInput input) {
      String text = line.strip();
      int last = text.length() - 1;
      boolean quoted =
          last > 0
              && (text.charAt(0) == '\'' || text.charAt(0) == '"')
              && text.charAt(last) == text.charAt(0);
      if (!quoted) {
        throw input.bad("a text that is not in quotes");
      }
      return decode(text.substring(1, last), input, true);
    }

    /// A text with escaped code points.
    static String unicode(String line, PickleInput input) {
      return decode(line, input, false);
    }

    private static String decode(String text, PickleInput input, boolean allEscapes) {
      StringBuilder decoded = new StringBuilder(text.length());
      int at = 0;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c != '\\' || at == text.length()) {
          decoded.append(c);
          continue;
        }
        char kind = text.charAt(at++);
        int digits = digits(kind, allEscapes);
        if (digits > 0) {
          decoded.appendCodePoint(codePoint(text, at, digits, input));
          at += digits;
        } else {
          decoded.append(allEscapes ? simple(kind, input) : "\\" + kind);
        }
      }
      return decoded.toString();
    }

    private static int digits(char kind, boolean allEscapes) {
      return switch (kind) {
        case 'x' -> allEscapes ? 2 : 0;
        case 'u' -> allEscapes ? 0 : 4;
        case 'U' -> allEscapes ? 0 : 8;
        default -> 0;
      };
    }

    private static int codePoint(String text, int from, int digits, PickleInput input) {
      try {
        int value = Integer.parseInt(text, from, Math.min(from + digits, text.length()), 16);
        if (from + digits <= text.length() && Character.isValidCodePoint(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below.
      }
      throw input.bad("an escaped character that is none");
    }

    private static String simple(char kind, PickleInput input) {
      return switch (kind) {
        case '\\', '\'', '"' -> String.valueOf(kind);
        case 'n' -> "\n";
        case 'r' -> "\r";
        case 't' -> "\t";
        default -> throw input.bad("an unknown escape \\" + kind);
      };
    }
  }
}
