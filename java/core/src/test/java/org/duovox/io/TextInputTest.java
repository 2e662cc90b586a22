package org.duovox.io;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException.Kind;
import org.duovox.eval.FeatureText;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A byte-order mark is as if it were not there, in every reader; other encodings are named.
class TextInputTest {
  @TempDir Path folder;

  private Path marked(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), "\uFEFF" + text);
  }

  @Test
  void aMarkAtTheStartIsPassedOverByEveryReader() throws IOException {
    try (TextLines lines = TextLines.open(marked("a.txt", "a b\nc\n"), TextLines.End.EXPECTED)) {
      assertEquals("a b", lines.next());
      assertEquals("c", lines.next());
      assertNull(lines.next());
    }
    assertEquals(5, Json.read(marked("a.json", "5"), Integer.class));
    assertEquals("5", Json.tree(marked("b.json", "5")).toString());
    assertEquals(List.of("x", "y"), Csv.read(marked("a.csv", "x,y\n1,2\n")).header());
    assertEquals(1.5, FeatureText.read(marked("a.features", "1.5 2\n"))[0][0]);
    assertEquals("ü", TextInput.read(marked("b.txt", "ü")));
    assertEquals("z", TextInput.reader(marked("c.txt", "z")).readLine());
    assertEquals("", TextInput.read(marked("empty.txt", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE,FEFF,UTF-16",
    "UTF-16BE,FEFF,UTF-16",
    "UTF-32LE,FEFF,UTF-32",
    "UTF-32BE,FEFF,UTF-32",
    "UTF-16LE,'',UTF-16",
    "UTF-16BE,'',UTF-16"
  })
  void otherEncodingsAreRefusedByName(String charset, String mark, String name) throws IOException {
    String text = (mark.isEmpty() ? "" : "\uFEFF") + "a\t1\n";
    Path file = Files.write(folder.resolve("x"), text.getBytes(Charset.forName(charset)));
    assertFails(Kind.BAD_DATA, () -> TextInput.read(file), "x: is " + name, "UTF-8");
    assertFails(Kind.BAD_DATA, () -> TextLines.open(file, TextLines.End.OPTIONAL), "x: is " + name);
    assertFails(Kind.BAD_DATA, () -> Json.tree(file), "x: is " + name);
    assertFails(Kind.BAD_DATA, () -> Csv.read(file), "x: is " + name);
    assertFails(Kind.BAD_DATA, () -> FeatureText.read(file), "x: is " + name);
  }

  @Test
  void whatIsNoTextFile() throws IOException {
    assertFails(Kind.MISSING_INPUT, () -> TextInput.read(folder.resolve("none")), "none");
    assertFails(Kind.BAD_DATA, () -> TextInput.read(folder), "is a folder");
    Path latin = Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xE4, 'b'});
    assertFails(Kind.BAD_DATA, () -> TextInput.read(latin), "latin: is not UTF-8 text (line 1)");
    Path third = Files.write(folder.resolve("c"), new byte[] {'a', '\n', '\n', (byte) 0xE4, 'b'});
    assertFails(Kind.BAD_DATA, () -> TextInput.read(third), "c: is not UTF-8 text (line 3)");
  }

  @Test
  void whatIsStillBeingWrittenIsLeftOut() throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), "\uFEFF1\r\n\n22\n3");
    assertEquals(List.of(1, 22, 3), Json.lines(file, Integer.class));
    assertEquals("1\r\n\n22\n", TextInput.readWritten(file));
    byte[] cut = {'a', '\n', (byte) 0xC3};
    assertEquals("a\n", TextInput.readWritten(Files.write(folder.resolve("b"), cut)));
    Files.writeString(file, "1\n\nx\n");
    assertFails(Kind.BAD_DATA, () -> Json.lines(file, Integer.class), "a.jsonl:3");
  }

  @Test
  void theMarkerOfAFolderMayHaveAMark() throws IOException {
    Path out = folder.resolve("out");
    for (int i = 0; i < 2; i++) {
      try (PendingDirectory pending = AtomicFiles.createDirectory(out)) {
        Files.writeString(pending.path().resolve("\u00fc.txt"), "x");
        pending.commit();
      }
      Path marker = out.resolve(PendingDirectory.MARKER);
      Files.writeString(marker, "\uFEFF" + Files.readString(marker).replace("\n", "\r\n"));
    }
  }

  /// Two files with marks that were joined: the second mark would be part of a name.
  @Test
  void aMarkWithinAFileIsRefused() throws IOException {
    Path joined = marked("j.txt", "a\n\uFEFFb\n");
    try (TextLines lines = TextLines.open(joined, TextLines.End.EXPECTED)) {
      lines.next();
      assertFails(Kind.BAD_DATA, lines::next, "j.txt:2", "byte-order mark");
    }
  }
}
