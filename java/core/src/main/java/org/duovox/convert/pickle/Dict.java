package org.duovox.convert.pickle;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A dictionary of Python in its order.
///
/// Only scalar keys can be found again. A key of another kind stands for itself alone: hashing what
/// a file nested could take for ever.
public final class Dict {
  /// Stands for a key that is no scalar; equal to itself alone.
  private static final class Opaque {
    @Override
    public String toString() {
      return "(a key that is no scalar)";
    }
  }

  private final Map<Object, Object> entries = new LinkedHashMap<>();

  /// Adds an entry, or replaces the one under an equal key.
  public void put(Object key, Object value) {
    boolean scalar =
        key == null
            || key instanceof String
            || key instanceof Long
            || key instanceof Double
            || key instanceof Boolean
            || key instanceof BigInteger;
    entries.put(scalar ? key : new Opaque(), value);
  }

  /// Returns the value under a key, or null.
  public Object get(String key) {
    return entries.get(key);
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /// The dictionary under a key, if there is one.
  public Optional<Dict> dict(String key) {
    return get(key) instanceof Dict dict ? Optional.of(dict) : Optional.empty();
  }

  public int size() {
    return entries.size();
  }

  /// Returns all entries, in their order.
  public Map<Object, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }

  public void putAll(Dict other) {
    entries.putAll(other.entries);
  }
}
