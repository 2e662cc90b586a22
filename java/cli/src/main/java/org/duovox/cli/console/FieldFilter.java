package org.duovox.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.report.Wording;

/// Selects utterances by their fields: `--where speaker=theo,lucas --where split=train`. All
/// conditions must hold, each with any of its values.
public final class FieldFilter {
  private record Condition(String field, Set<String> values) {}

  private final List<Condition> conditions = new ArrayList<>();

  /// @param texts the values of `--where`
  /// @throws DuovoxException (USAGE) for a text that is not `field=value`
  public FieldFilter(List<String> texts) {
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0 || equals == text.length() - 1) {
        throw DuovoxException.usage(
            "--where %s: must read field=value, e.g. --where split=train".formatted(text));
      }
      Set<String> values =
          Arrays.stream(text.substring(equals + 1).split(",")).collect(Collectors.toSet());
      conditions.add(new Condition(text.substring(0, equals), values));
    }
  }

  /// Returns whether there is no condition.
  public boolean isEmpty() {
    return conditions.isEmpty();
  }

  /// Returns whether an utterance with these fields meets all conditions.
  public boolean matches(Map<String, String> fields) {
    return conditions.stream()
        .allMatch(c -> c.values().contains(fields.getOrDefault(c.field(), "")));
  }

  /// Returns the failure (BAD_DATA) for a filter that selects nothing: it names the condition that
  /// no utterance meets, and the values that exist.
  ///
  /// @param source what was filtered, for the message
  /// @param all fields of every utterance
  public DuovoxException noMatch(String source, Stream<Map<String, String>> all) {
    List<Map<String, String>> fields = all.toList();
    for (Condition c : conditions) {
      Set<String> values = new TreeSet<>();
      fields.forEach(each -> values.add(each.getOrDefault(c.field(), "")));
      values.remove("");
      if (values.isEmpty()) {
        Set<String> names = new TreeSet<>();
        fields.forEach(each -> names.addAll(each.keySet()));
        return DuovoxException.badData(
            "%s: no utterance has the field '%s'; there is %s".formatted(source, c.field(), names));
      }
      if (values.stream().noneMatch(c.values()::contains)) {
        return DuovoxException.badData(
            "%s: no utterance has %s = %s; there is %s"
                .formatted(
                    source,
                    c.field(),
                    String.join(" or ", c.values()),
                    Wording.firstTen(List.copyOf(values))));
      }
    }
    return DuovoxException.badData(source + ": no utterance meets all conditions of --where");
  }
}
