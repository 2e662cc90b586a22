package org.duovox.convert.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An object of an allowed class of which only the content is kept: its name, the arguments it was
/// made with, its attributes, its items.
public final class InertObject implements Unpickler.Stateful {
  private final String className;
  private final Tuple arguments;
  private final Dict attributes = new Dict();
  private final Dict items = new Dict();
  private final List<Object> elements = new ArrayList<>();

  public InertObject(String className, Tuple arguments) {
    this.className = className;
    this.arguments = arguments;
  }

  /// Returns module and name of the class, joined by a dot.
  public String className() {
    return className;
  }

  public Tuple arguments() {
    return arguments;
  }

  public Dict attributes() {
    return attributes;
  }

  /// What was put into it as into a dictionary.
  Dict items() {
    return items;
  }

  /// What was appended to it as to a list.
  List<Object> elements() {
    return elements;
  }

  /// Returns an attribute, or null.
  public Object attribute(String name) {
    return attributes.get(name);
  }

  Optional<String> text(String name) {
    return attribute(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /// Attributes, or a pair of them and those of slots; anything else is kept under `__state__`.
  @Override
  public void setState(Object state) {
    if (state instanceof Dict dict) {
      attributes.putAll(dict);
    } else if (state instanceof Tuple pair
        && pair.size() == 2
        && pair.get(1) instanceof Dict slots) {
      if (pair.get(0) instanceof Dict dict) {
        attributes.putAll(dict);
      }
      attributes.putAll(slots);
    } else {
      attributes.put("__state__", state);
    }
  }
}
