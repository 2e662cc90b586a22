package org.duovox.convert.pickle;

import java.util.List;
import org.duovox.convert.pickle.Unpickler.Opcode;

/// The instructions of a pickle that name classes and functions, call them and set the state of
/// what they made: here stands what is refused.
final class ObjectOpcodes {
  private ObjectOpcodes() {}

  static void register(Opcode[] table) {
    table['c'] = m -> m.push(named(m));
    table[0x93] = ObjectOpcodes::stackGlobal;
    table['R'] = ObjectOpcodes::call;
    table[0x81] = ObjectOpcodes::call;
    table[0x92] = ObjectOpcodes::callWithNames;
    table['i'] = m -> m.push(make(m, named(m), new Tuple(m.popMarked())));
    table['o'] = ObjectOpcodes::object;
    table['b'] = ObjectOpcodes::build;
    table['Q'] = m -> persistent(m, m.pop());
    table['P'] = m -> persistent(m, m.input().line(Limits.LINE));
    for (int extension = 0x82; extension <= 0x84; extension++) {
      table[extension] = ObjectOpcodes::extension;
    }
  }

  private static Unpickler.AllowedClass named(Unpickler m) {
    String module = m.input().line(Limits.LINE);
    return m.format().find(module, m.input().line(Limits.LINE), m.input());
  }

  private static void stackGlobal(Unpickler m) {
    Object name = m.pop();
    Object module = m.pop();
    if (!(name instanceof String nameText) || !(module instanceof String moduleText)) {
      throw m.input().bad("a class whose name is no text; nothing was executed");
    }
    m.push(m.format().find(moduleText, nameText, m.input()));
  }

  private static void call(Unpickler m) {
    Object arguments = m.pop();
    m.push(make(m, m.pop(), arguments));
  }

  private static void callWithNames(Unpickler m) {
    Object names = m.pop();
    Object arguments = m.pop();
    Object made = make(m, m.pop(), arguments);
    if (names instanceof Dict dict && dict.size() > 0) {
      if (!(made instanceof InertObject inert)) {
        throw m.input().bad("a call with named arguments, which no allowed class takes");
      }
      inert.attributes().putAll(dict);
    }
    m.push(made);
  }

  private static void object(Unpickler m) {
    List<Object> values = m.popMarked();
    if (values.isEmpty()) {
      throw m.input().bad("an object without a class");
    }
    m.push(make(m, values.getFirst(), new Tuple(values.subList(1, values.size()))));
  }

  private static Object make(Unpickler m, Object callee, Object arguments) {
    if (!(callee instanceof Unpickler.AllowedClass type) || !(arguments instanceof Tuple tuple)) {
      throw m.input().bad("the pickle calls what is no allowed class; nothing was executed");
    }
    m.charge(200); // An InertObject with its empty containers; others are smaller or are tensors.
    tuple.values().forEach(value -> m.charge(copyCost(value)));
    try {
      return type.constructor().make(tuple);
    } catch (Malformed e) {
      throw m.input().bad("%s: %s".formatted(type.name(), e.getMessage()));
    }
  }

  private static void build(Unpickler m) {
    Object state = m.pop();
    m.charge(copyCost(state));
    switch (m.peek()) {
      case Unpickler.Stateful target -> setState(m, target, state);
      case Dict dict -> {
        // Attributes of an OrderedDict: PyTorch notes the version of each module there.
      }
      case null, default -> throw m.input().bad("the state of what has none; nothing was executed");
    }
    m.push(m.format().built(m.pop(), m));
  }

  private static void persistent(Unpickler m, Object id) {
    try {
      m.push(m.format().persistent(id, m.input()));
    } catch (Malformed e) {
      throw m.input().bad(e.getMessage());
    }
  }

  /// What copying a value may take: a few bytes of a pickle must not copy much many times.
  private static long copyCost(Object value) {
    return switch (value) {
      case String text -> text.length();
      case Dict dict -> 64L * dict.size();
      case List<?> list -> 16L * list.size();
      case Tuple tuple -> tuple.values().stream().mapToLong(ObjectOpcodes::shallowCost).sum();
      case null, default -> 0;
    };
  }

  private static long shallowCost(Object value) {
    return 16 + (value instanceof Tuple ? 0 : copyCost(value));
  }

  private static void setState(Unpickler m, Unpickler.Stateful target, Object state) {
    try {
      target.setState(state);
    } catch (Malformed e) {
      throw m.input().bad(e.getMessage());
    }
  }

  private static void extension(Unpickler m) {
    throw m.input()
        .bad(
            "the pickle asks for a class by a number of Python's extension registry, which is not"
                + " here; nothing was executed");
  }
}
