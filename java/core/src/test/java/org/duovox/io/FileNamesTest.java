package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.duovox.DuovoxException.Kind;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  @Test
  void inOtherLocalesNamesOutsideAsciiAreRefusedWithTheVariable() {
    for (String charset : new String[] {"ANSI_X3.4-1968", "ISO-8859-1", "EUC-JP"}) {
      FileNames.requireLocale("a file", "word.wav", charset);
      assertFails(
          Kind.UNAVAILABLE,
          () -> FileNames.requireLocale("m.tsv:2", "w\u00f6rd.wav", charset),
          "m.tsv:2",
          "w\u00f6rd.wav",
          charset,
          "set LC_ALL=C.UTF-8");
    }
    FileNames.requireLocale("a file", "w\u00f6rd.wav", "UTF-8");
    FileNames.requireLocale("a file", "\u4f60\u597d", "utf8");
  }

  @Test
  void bytesAreEscaped() {
    byte[] name = "a b\tw\u00f6".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("a b\\x09w\\xF6", FileNames.escaped(name));
  }
}
