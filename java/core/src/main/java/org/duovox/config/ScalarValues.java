package org.duovox.config;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.duovox.DuovoxException;
import org.duovox.config.YamlReader.Scalar;
import org.duovox.config.YamlReader.Scalar.Type;
import org.duovox.io.Suggestions;

/// Converts a YAML scalar to the type of a record component, never by guessing: text is not a
/// number.
final class ScalarValues {
  private ScalarValues() {}

  /// Returns the scalar as the wanted type: text, truth value, enum constant or number; null for a
  /// YAML null where the type has one.
  ///
  /// @param key of the value, for messages
  /// @throws DuovoxException (BAD_CONFIG) for another kind of value, or one out of range
  static Object convert(Scalar scalar, Class<?> wanted, String key) {
    if (scalar.type() == Type.NULL && !wanted.isPrimitive()) {
      return null;
    }
    try {
      if (wanted == String.class && scalar.type() != Type.NULL) {
        return scalar.text();
      }
      if ((wanted == boolean.class || wanted == Boolean.class) && scalar.type() == Type.BOOLEAN) {
        return Boolean.valueOf(scalar.text().toLowerCase(Locale.ROOT));
      }
      if (wanted.isEnum() && scalar.type() == Type.STRING) {
        return constant(scalar, wanted, key);
      }
      if (isNumber(scalar, wanted)) {
        return number(new BigDecimal(scalar.text()), wanted, scalar, key);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      String range = scalar.type() == Type.INTEGER && !isDecimal(wanted) ? range(wanted) : "";
      throw DuovoxException.config(
          "%s: '%s' must be %s%s, but is %s"
              .formatted(scalar.place(), key, describe(wanted), range, scalar.kind()),
          e);
    }
    throw RecordBinder.mismatch(scalar, key, describe(wanted));
  }

  private static boolean isNumber(Scalar scalar, Class<?> wanted) {
    return switch (scalar.type()) {
      case INTEGER, DECIMAL -> true;
      // 1e-4: a number to everybody but YAML 1.1
      case STRING -> isDecimal(wanted) && scalar.text().matches("[-+]?[0-9.]+[eE][-+]?[0-9]+");
      default -> false;
    };
  }

  private static String range(Class<?> wanted) {
    boolean wide = wanted == long.class || wanted == Long.class;
    return " from %d to %d"
        .formatted(
            wide ? Long.MIN_VALUE : Integer.MIN_VALUE, wide ? Long.MAX_VALUE : Integer.MAX_VALUE);
  }

  private static boolean isDecimal(Class<?> wanted) {
    return wanted == double.class || wanted == Double.class;
  }

  private static Object number(BigDecimal value, Class<?> wanted, Scalar scalar, String key) {
    if (isDecimal(wanted)) {
      return finite(value.doubleValue(), scalar, key);
    }
    if (wanted == int.class || wanted == Integer.class) {
      return value.intValueExact();
    }
    if (wanted == long.class || wanted == Long.class) {
      return value.longValueExact();
    }
    throw RecordBinder.mismatch(scalar, key, describe(wanted));
  }

  private static double finite(double value, Scalar scalar, String key) {
    if (!Double.isFinite(value)) {
      throw DuovoxException.config(
          "%s: '%s' is %s, beyond the numbers that a double can hold (1.8e308)"
              .formatted(scalar.place(), key, scalar.text()));
    }
    return value;
  }

  private static Object constant(Scalar scalar, Class<?> wanted, String key) {
    List<String> names =
        Arrays.stream(wanted.getEnumConstants())
            .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
            .toList();
    int index = names.indexOf(scalar.text());
    if (index < 0) {
      String near =
          Suggestions.nearest(scalar.text(), names)
              .map(n -> "; did you mean '" + n + "'?")
              .orElse("");
      throw DuovoxException.config(
          "%s: '%s' must be one of %s, but is '%s'%s"
              .formatted(scalar.place(), key, String.join(", ", names), scalar.text(), near));
    }
    return wanted.getEnumConstants()[index];
  }

  /// Returns what a user would call a type.
  static String describe(Class<?> wanted) {
    if (wanted == int.class
        || wanted == long.class
        || wanted == Integer.class
        || wanted == Long.class) {
      return "a whole number";
    }
    if (isDecimal(wanted)) {
      return "a number";
    }
    if (wanted == boolean.class || wanted == Boolean.class) {
      return "true or false";
    }
    return wanted.isRecord() ? "a mapping" : "text";
  }
}
