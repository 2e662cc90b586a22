package org.duovox.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.config.YamlReader.Entry;
import org.duovox.config.YamlReader.Mapping;
import org.duovox.config.YamlReader.Scalar;
import org.duovox.config.YamlReader.Sequence;
import org.duovox.config.YamlReader.Value;
import org.duovox.io.Suggestions;

/// Binds YAML to records: keys are the components in snake_case, what is left out keeps its
/// default.
///
/// A record that may be left out, or given in part, has a static method `defaults()`. Unknown keys,
/// wrong types and values that a record's constructor refuses are errors with the place, and a
/// suggestion where one is near.
final class RecordBinder {
  private RecordBinder() {}

  /// Binds a mapping to a record, starting from `defaults`, which may be null when every component
  /// is given.
  ///
  /// @throws DuovoxException (BAD_CONFIG) with the place
  static <R extends Record> R bind(Mapping mapping, Class<R> type, R defaults) {
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(mapping, components);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object fallback = defaults == null ? null : call(components[i].getAccessor(), defaults);
      Entry entry = mapping.entries().get(key(components[i]));
      values[i] =
          entry == null
              ? absent(mapping, components[i], fallback, defaults != null)
              : value(entry.value(), components[i].getGenericType(), key(components[i]), fallback);
    }
    return construct(mapping, type, components, values);
  }

  private static Object absent(
      Mapping mapping, RecordComponent component, Object fallback, boolean hasDefaults) {
    if (fallback == null && !hasDefaults) {
      throw DuovoxException.config(
          "%s: '%s' is missing".formatted(mapping.place(), key(component)));
    }
    return fallback;
  }

  private static void refuseUnknown(Mapping mapping, RecordComponent[] components) {
    List<String> known = Arrays.stream(components).map(RecordBinder::key).toList();
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            String all = "; known are " + String.join(", ", known);
            throw DuovoxException.config(
                "%s: unknown key '%s'%s"
                    .formatted(entry.place(), key, suggestion(key, known, all)));
          }
        });
  }

  private static String suggestion(String name, List<String> known, String otherwise) {
    return Suggestions.nearest(name, known)
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElse(otherwise);
  }

  private static Object value(Value node, Type type, String key, Object fallback) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Map.class
          ? map(node, generic.getActualTypeArguments()[1], key)
          : list(node, generic.getActualTypeArguments()[0], key);
    }
    Class<?> wanted = (Class<?>) type;
    if (wanted.isRecord()) {
      return record(node, wanted.asSubclass(Record.class), key, fallback);
    }
    if (node instanceof Scalar scalar) {
      return scalar(scalar, wanted, key);
    }
    throw mismatch(node, key, describe(wanted));
  }

  private static <R extends Record> Object record(
      Value node, Class<R> type, String key, Object fallback) {
    if (node instanceof Scalar scalar && scalar.type() == Scalar.Type.NULL) {
      return null;
    }
    if (node instanceof Mapping mapping) {
      return bind(mapping, type, fallback == null ? defaultsOf(type) : type.cast(fallback));
    }
    throw mismatch(node, key, "a mapping");
  }

  private static <R extends Record> R defaultsOf(Class<R> type) {
    try {
      return type.cast(call(type.getMethod("defaults"), null));
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static List<Object> list(Value node, Type element, String key) {
    if (!(node instanceof Sequence sequence)) {
      throw mismatch(node, key, "a list");
    }
    List<Object> values = new ArrayList<>();
    for (Value item : sequence.items()) {
      values.add(
          Optional.ofNullable(value(item, element, key, null))
              .orElseThrow(() -> mismatch(item, key, "a list without empty entries")));
    }
    return List.copyOf(values);
  }

  private static Map<String, Object> map(Value node, Type element, String key) {
    if (!(node instanceof Mapping mapping)) {
      throw mismatch(node, key, "a mapping");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach((name, entry) -> {
          Object value = value(entry.value(), element, name, null);
          if (value == null) {
            String wanted = element instanceof Class<?> type ? describe(type) : "a value";
            throw mismatch(entry.value(), name, wanted);
          }
          values.put(name, value);
        });
    return values;
  }

  /// Returns the scalar as the wanted type, never by guessing: text, truth value, enum constant or
  /// number; null for a YAML null where the type has one. Text is not a number.
  ///
  /// @param key of the value, for messages
  /// @throws DuovoxException (BAD_CONFIG) for another kind of value, or one out of range
  private static Object scalar(Scalar scalar, Class<?> wanted, String key) {
    if (scalar.type() == Scalar.Type.NULL && !wanted.isPrimitive()) {
      return null;
    }
    try {
      if (wanted == String.class && scalar.type() != Scalar.Type.NULL) {
        return scalar.text();
      }
      if ((wanted == boolean.class || wanted == Boolean.class)
          && scalar.type() == Scalar.Type.BOOLEAN) {
        return Boolean.valueOf(scalar.text().toLowerCase(Locale.ROOT));
      }
      if (wanted.isEnum() && scalar.type() == Scalar.Type.STRING) {
        return constant(scalar, wanted, key);
      }
      if (isNumber(scalar, wanted)) {
        return number(new BigDecimal(scalar.text()), wanted, scalar, key);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      String range =
          scalar.type() == Scalar.Type.INTEGER && !isDecimal(wanted) ? range(wanted) : "";
      throw DuovoxException.config(
          "%s: '%s' must be %s%s, but is %s"
              .formatted(scalar.place(), key, describe(wanted), range, scalar.kind()),
          e);
    }
    throw mismatch(scalar, key, describe(wanted));
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
    throw mismatch(scalar, key, describe(wanted));
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
      String near = suggestion(scalar.text(), names, "");
      throw DuovoxException.config(
          "%s: '%s' must be one of %s, but is '%s'%s"
              .formatted(scalar.place(), key, String.join(", ", names), scalar.text(), near));
    }
    return wanted.getEnumConstants()[index];
  }

  /// Returns what a user would call a type.
  private static String describe(Class<?> wanted) {
    if (List.of(int.class, Integer.class, long.class, Long.class).contains(wanted)) {
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

  /// Returns the failure of a value of the wrong kind.
  ///
  /// @param wanted what the key must be, such as `a mapping`
  static DuovoxException mismatch(Value node, String key, String wanted) {
    return DuovoxException.config(
        "%s: '%s' must be %s, but is %s".formatted(node.place(), key, wanted, node.kind()));
  }

  private static <R extends Record> R construct(
      Mapping mapping, Class<R> type, RecordComponent[] components, Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof DuovoxException
          || e.getCause() instanceof IllegalArgumentException) {
        throw DuovoxException.config(placed(mapping, e.getCause().getMessage()), e.getCause());
      }
      throw new LinkageError(type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName(), e);
    }
  }

  /// Returns a record's own message, behind the place of the key that it names first, or else of
  /// the mapping, and with the value that was given.
  private static String placed(Mapping mapping, String message) {
    Entry entry =
        Arrays.stream(message.split("\\W+"))
            .map(mapping.entries()::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(new Entry(mapping.place(), mapping));
    boolean namesValue = message.contains(" is ") || message.contains(" are ");
    String value = entry.value() instanceof Scalar s && !namesValue ? ", but is " + s.text() : "";
    return entry.place() + ": " + message + value;
  }

  private static Object call(Method method, Object target) {
    try {
      method.setAccessible(true);
      return method.invoke(target);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method.toString(), e);
    }
  }

  /// Returns the key of a component: `maxPositions` is written `max_positions`.
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
