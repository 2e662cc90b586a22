package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
  void aNameThatIsMadeOfAnotherIsNoLongerThanTheFileSystemTakes() {
    assertEquals(".corpus.tmp-1", FileNames.around(".", "corpus", ".tmp-1"));
    for (String name : List.of("x".repeat(255), "\u4f60".repeat(85), "\ud83d\ude00".repeat(63))) {
      String made = FileNames.around(".", name, ".tmp-1");
      int bytes = made.getBytes(StandardCharsets.UTF_8).length;
      assertTrue(bytes > 250 && bytes <= 255, made);
      assertTrue(made.startsWith("." + name.substring(0, 50)) && made.endsWith(".tmp-1"), made);
      assertFalse(made.contains("?"), made);
    }
    String one = FileNames.around("", "x".repeat(254) + "1", ".unpublished");
    assertNotEquals(one, FileNames.around("", "x".repeat(254) + "2", ".unpublished"));
    String tooLong = "x".repeat(256); // Fails where it is used, before any work.
    assertEquals("." + tooLong + ".tmp-1", FileNames.around(".", tooLong, ".tmp-1"));
  }

  @Test
  void bytesAreEscaped() {
    byte[] name = "a b\tw\u00f6".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("a b\\x09w\\xF6", FileNames.escaped(name));
  }
}
