package org.duovox.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.io.Suggestions;

/// Finds an enum constant by its lower-case name, or says which names there are.
final class Choices {
  private Choices() {}

  static <E extends Enum<E>> E of(Class<E> type, String what, String name) {
    E[] all = type.getEnumConstants();
    for (E choice : all) {
      if (label(choice).equals(name)) {
        return choice;
      }
    }
    List<String> names = Arrays.stream(all).map(Choices::label).toList();
    String hint =
        Suggestions.nearest(name, names)
            .map(nearest -> "did you mean \"" + nearest + "\"? ")
            .orElse("");
    throw DuovoxException.config(
        "unknown %s \"%s\"; %sknown are %s".formatted(what, name, hint, String.join(", ", names)));
  }

  static String label(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
