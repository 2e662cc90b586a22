package org.duovox.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
            throw DuovoxException.config(
                "%s: unknown key '%s'%s".formatted(entry.place(), key, suggestion(key, known)));
          }
        });
  }

  private static String suggestion(String name, List<String> known) {
    return Suggestions.nearest(name, known)
        .map(nearest -> "; did you mean '%s'?".formatted(nearest))
        .orElse("; known are " + String.join(", ", known));
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
      return ScalarValues.convert(scalar, wanted, key);
    }
    throw mismatch(node, key, ScalarValues.describe(wanted));
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
      values.add(value(item, element, key, null));
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
        .forEach((name, entry) -> values.put(name, value(entry.value(), element, name, null)));
    return values;
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
