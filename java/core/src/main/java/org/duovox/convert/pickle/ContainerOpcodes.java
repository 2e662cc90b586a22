package org.duovox.convert.pickle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.duovox.convert.pickle.Unpickler.Opcode;

/// The instructions of a pickle that make and fill tuples, lists, sets and dictionaries, and those
/// that only move values.
final class ContainerOpcodes {
  private ContainerOpcodes() {}

  static void register(Opcode[] table) {
    moves(table);
    memo(table);
    tuples(table);
    lists(table);
    dictionaries(table);
  }

  private static void moves(Opcode[] table) {
    table['('] = Unpickler::mark;
    table['0'] = Unpickler::popValueOrMark;
    table['1'] = m -> m.popMarked();
    table['2'] = m -> m.push(m.peek());
  }

  private static void memo(Opcode[] table) {
    table['p'] = m -> m.remember(key(m));
    table['q'] = m -> m.remember(m.input().unsignedByte());
    table['r'] = m -> m.remember(m.input().unsignedInt());
    table[0x94] = Unpickler::rememberNext;
    table['g'] = m -> m.recall(key(m));
    table['h'] = m -> m.recall(m.input().unsignedByte());
    table['j'] = m -> m.recall(m.input().unsignedInt());
  }

  private static void tuples(Opcode[] table) {
    table[')'] = m -> m.push(new Tuple(List.of()));
    table['t'] = m -> m.push(new Tuple(m.popMarked()));
    table[0x85] = m -> tuple(m, 1);
    table[0x86] = m -> tuple(m, 2);
    table[0x87] = m -> tuple(m, 3);
  }

  private static void lists(Opcode[] table) {
    table[']'] = ContainerOpcodes::list;
    table[0x8f] = ContainerOpcodes::list; // A set: its order is kept, its members stay as they are.
    table['l'] = m -> m.push(m.popMarked());
    table[0x91] = m -> m.push(m.popMarked());
    table['a'] = m -> append(m, Collections.singletonList(m.pop()));
    table['e'] = m -> append(m, m.popMarked());
    table[0x90] = m -> append(m, m.popMarked());
  }

  private static void dictionaries(Opcode[] table) {
    table['}'] =
        m -> {
          m.charge(64);
          m.push(new Dict());
        };
    table['d'] =
        m -> {
          List<Object> pairs = m.popMarked();
          m.charge(64);
          m.push(new Dict());
          fill(m, pairs);
        };
    table['s'] =
        m -> {
          Object value = m.pop();
          fill(m, Arrays.asList(m.pop(), value));
        };
    table['u'] = m -> fill(m, m.popMarked());
  }

  private static long key(Unpickler m) {
    String line = m.input().line(Limits.NUMBER_LINE).strip();
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw m.input().bad("'%s' is no place in the memo".formatted(line));
    }
  }

  private static void tuple(Unpickler m, int size) {
    Object[] values = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      values[i] = m.pop();
    }
    m.charge(48);
    m.push(new Tuple(Arrays.asList(values)));
  }

  private static void list(Unpickler m) {
    m.charge(40);
    m.push(new ArrayList<>(0));
  }

  private static void append(Unpickler m, List<Object> added) {
    m.charge(16L * added.size());
    Object target = m.peek();
    if (target instanceof ArrayList<?>) {
      @SuppressWarnings("unchecked") // Only this class and popMarked make lists.
      ArrayList<Object> list = (ArrayList<Object>) target;
      list.addAll(added);
    } else if (target instanceof InertObject inert) {
      inert.elements().addAll(added);
    } else {
      throw m.input().bad("values are appended to what is no list");
    }
  }

  private static void fill(Unpickler m, List<Object> pairs) {
    if (pairs.size() % 2 != 0) {
      throw m.input().bad("a key without a value");
    }
    m.charge(32L * pairs.size());
    Dict target =
        switch (m.peek()) {
          case Dict dict -> dict;
          case InertObject inert -> inert.items();
          case null, default -> throw m.input().bad("keys are put into what is no dictionary");
        };
    for (int i = 0; i < pairs.size(); i += 2) {
      target.put(pairs.get(i), pairs.get(i + 1));
    }
  }
}
