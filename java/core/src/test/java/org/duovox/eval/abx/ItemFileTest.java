package org.duovox.eval.abx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemFileTest {
  private static final String HEADER = "#file onset offset #phone prev-phone next-phone speaker\n";

  @TempDir private Path folder;

  private ItemFile read(String text) throws IOException {
    return ItemFile.read(Files.writeString(folder.resolve("a.item"), text));
  }

  @Test
  void numbersNamesInTheirOrder() throws IOException {
    ItemFile items = read(HEADER + "f 0.1 0.2 t n a s\nf  0.2\t0.3 i t s s\ng 0 1e-1 t n a r\n\n");
    assertEquals(List.of("t", "i"), items.phones());
    assertEquals(List.of("n+a", "t+s"), items.contexts());
    assertEquals(List.of("s", "r"), items.speakers());
    assertEquals(new ItemFile.Item("g", 4, 0, 0.1, 0, 0, 1), items.items().get(2));
    assertTrue(items.at(items.items().get(1)).endsWith("a.item:3"));
  }

  @Test
  void listsAllProblems() {
    DuovoxException e =
        assertThrows(
            DuovoxException.class,
            () ->
                read(
                    HEADER
                        + "f 0.1 0.2 t n a\nf x 0.2 t n a s\nf 0.1 0.2 t n a s\n"
                        + "f 0.2 0.2 t n a s\nf -1 NaN t n a s\n"));
    assertEquals(DuovoxException.Kind.BAD_DATA, e.kind());
    for (String part :
        List.of(
            "5 problems",
            "a.item:2: 6 columns",
            "a.item:3: the onset \"x\"",
            "a.item:5: the offset 0.2 is not after the onset 0.2",
            "a.item:6: the onset \"-1\"",
            "a.item:6: the offset \"NaN\"")) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void thousandsOfProblemsAreCounted() {
    String message =
        assertThrows(DuovoxException.class, () -> read(HEADER + "f\n".repeat(3000))).getMessage();
    assertTrue(message.contains("3000 problems"), message);
    assertTrue(message.endsWith("and 2980 more"), message);
  }

  @Test
  void anItemInPlaceOfTheHeaderIsNotLost() {
    String message =
        assertThrows(DuovoxException.class, () -> read("f 0.1 0.2 t n a s\nf 0.1 0.2 t n a s\n"))
            .getMessage();
    assertTrue(message.contains("a.item:1: the first line must be the header"), message);
  }

  @Test
  void aHeaderAloneIsNoItemFile() {
    assertTrue(
        assertThrows(DuovoxException.class, () -> read(HEADER))
            .getMessage()
            .contains("a header and no items"));
  }
}
