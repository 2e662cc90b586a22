package org.duovox.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.report.Text;

/// Conditions on the fields of utterances: `--where speaker=theo,lucas --where split=train`, all of
/// which must hold.
public final class Where {
  private record Condition(String field, Set<String> values) {}

  private final List<Condition> conditions = new ArrayList<>();

  /// Reads the texts of `--where`.
  ///
  /// @throws DuovoxException (USAGE) for what is not `field=value`
  public Where(List<String> texts) {
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

  boolean isEmpty() {
    return conditions.isEmpty();
  }

  /// Whether an utterance with these fields is meant.
  public Predicate<Map<String, String>> fields() {
    return fields ->
        conditions.stream().allMatch(c -> c.values().contains(fields.getOrDefault(c.field(), "")));
  }

  /// Says which conditions no utterance meets, and what there is instead.
  ///
  /// @throws DuovoxException (BAD_DATA) always
  public DuovoxException nothing(String source, Stream<Map<String, String>> all) {
    List<Map<String, String>> fields = all.toList();
    for (Condition c : conditions) {
      Set<String> found = new TreeSet<>();
      fields.forEach(each -> found.add(each.getOrDefault(c.field(), "")));
      found.remove("");
      if (found.isEmpty()) {
        Set<String> names = new TreeSet<>();
        fields.forEach(each -> names.addAll(each.keySet()));
        return DuovoxException.badData(
            "%s: no utterance has the field '%s'; there is %s".formatted(source, c.field(), names));
      }
      if (found.stream().noneMatch(c.values()::contains)) {
        return DuovoxException.badData(
            "%s: no utterance has %s = %s; there is %s"
                .formatted(
                    source,
                    c.field(),
                    String.join(" or ", c.values()),
                    Text.some(List.copyOf(found))));
      }
    }
    return DuovoxException.badData(source + ": no utterance meets all conditions of --where");
  }
}
