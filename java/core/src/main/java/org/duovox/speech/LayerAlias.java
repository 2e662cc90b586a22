package org.duovox.speech;

import java.util.Collection;
import java.util.List;

/// Short names of layers: a number for the hidden state or context level of that number, `conv` for
/// the output of the convolutions.
public final class LayerAlias {
  private LayerAlias() {}

  /// The name among `names` that a user's text means; the text itself when it is a name or nothing
  /// is meant.
  public static String resolve(String text, Collection<String> names) {
    if (names.contains(text)) {
      return text;
    }
    List<String> meant =
        text.matches("\\d{1,4}")
            ? List.of(
                "hidden_state_" + Integer.parseInt(text), "context_level_" + Integer.parseInt(text))
            : text.equals("conv") ? List.of("encoded") : List.of();
    return meant.stream().filter(names::contains).findFirst().orElse(text);
  }
}
