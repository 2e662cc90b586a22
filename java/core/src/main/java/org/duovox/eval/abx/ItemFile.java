package org.duovox.eval.abx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.duovox.DuovoxException;
import org.duovox.io.Decimals;
import org.duovox.io.Problems;
import org.duovox.io.TextLines;

/// An item file of ABX: which stretch of which recording is which phone, between which neighbors,
/// by which speaker.
///
/// The first line is a header; every other has seven columns between blanks: `file onset offset
/// phone previous-phone next-phone speaker`, times in seconds. Phones, contexts and speakers are
/// numbered in the order in which they occur first; a context is the pair of the neighbors.
///
/// @param source the file, for messages
/// @param items in the order of the file
public record ItemFile(
    Path source,
    List<Item> items,
    List<String> phones,
    List<String> contexts,
    List<String> speakers) {
  private static final int COLUMNS = 7;

  /// A stretch of a recording.
  ///
  /// @param file id of the recording
  /// @param line where it stands in the item file
  /// @param onset in seconds
  /// @param offset in seconds
  public record Item(
      String file, int line, double onset, double offset, int phone, int context, int speaker) {}

  public ItemFile {
    items = List.copyOf(items);
    phones = List.copyOf(phones);
    contexts = List.copyOf(contexts);
    speakers = List.copyOf(speakers);
  }

  /// Reads an item file.
  ///
  /// @throws DuovoxException (BAD_DATA) that lists all lines that cannot be used
  public static ItemFile read(Path file) {
    Reader reader = new Reader(file);
    try (TextLines lines = TextLines.open(file, TextLines.End.OPTIONAL)) {
      reader.header(lines.next());
      for (String line = lines.next(); line != null; line = lines.next()) {
        reader.line(line);
      }
    }
    return reader.finish();
  }

  /// Number of recordings that items are cut out of.
  public long recordings() {
    return items.stream().map(Item::file).distinct().count();
  }

  /// Returns `file:line` of an item, to begin a message.
  public String at(Item item) {
    return source + ":" + item.line();
  }

  private static final class Reader {
    private final Path file;
    private final Problems problems = new Problems();
    private final List<Item> items = new ArrayList<>();
    private final Map<String, Integer> phones = new LinkedHashMap<>();
    private final Map<String, Integer> contexts = new LinkedHashMap<>();
    private final Map<String, Integer> speakers = new LinkedHashMap<>();
    private int number = 1;

    Reader(Path file) {
      this.file = file;
    }

    /// Other programs pass over the first line whatever it says, so an item there would be lost.
    void header(String text) {
      String[] cells = cells(text);
      if (cells.length == COLUMNS
          && Decimals.parse(cells[1]).isPresent()
          && Decimals.parse(cells[2]).isPresent()) {
        bad(
            "the first line must be the header (#file onset offset #phone prev-phone next-phone"
                + " speaker), but it is an item");
      }
    }

    void line(String text) {
      number++;
      if (text.isBlank()) {
        return;
      }
      String[] cells = cells(text);
      if (cells.length != COLUMNS) {
        bad(
            "%d columns; an item has %d (file onset offset phone previous next speaker)"
                .formatted(cells.length, COLUMNS));
        return;
      }
      OptionalDouble onset = seconds("onset", cells[1]);
      OptionalDouble offset = seconds("offset", cells[2]);
      if (onset.isEmpty() || offset.isEmpty()) {
        return;
      }
      if (offset.getAsDouble() <= onset.getAsDouble()) {
        bad("the offset %s is not after the onset %s".formatted(cells[2], cells[1]));
        return;
      }
      items.add(
          new Item(
              cells[0],
              number,
              onset.getAsDouble(),
              offset.getAsDouble(),
              id(phones, cells[3]),
              id(contexts, cells[4] + "+" + cells[5]),
              id(speakers, cells[6])));
    }

    private OptionalDouble seconds(String what, String text) {
      OptionalDouble value = Decimals.parse(text);
      if (value.isEmpty() || value.getAsDouble() < 0) {
        bad("the %s \"%s\" is no time in seconds".formatted(what, text));
        return OptionalDouble.empty();
      }
      return value;
    }

    private void bad(String what) {
      problems.add(file + ":" + number + ": " + what);
    }

    private static String[] cells(String text) {
      return text.strip().split("\\s+");
    }

    private static int id(Map<String, Integer> known, String name) {
      return known.computeIfAbsent(name, key -> known.size());
    }

    ItemFile finish() {
      problems.throwIfAny(DuovoxException.Kind.BAD_DATA, "the item file cannot be used");
      if (items.isEmpty()) {
        throw DuovoxException.badData(file + ": has a header and no items");
      }
      return new ItemFile(
          file,
          items,
          List.copyOf(phones.keySet()),
          List.copyOf(contexts.keySet()),
          List.copyOf(speakers.keySet()));
    }
  }
}
