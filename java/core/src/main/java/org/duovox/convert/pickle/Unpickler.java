package org.duovox.convert.pickle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The stack machine that pickles are programs for, reduced to making plain data.
///
/// It knows no Python, calls nothing by name and makes no object of a Java class that a file names:
/// a global is looked up among the classes that its [Format] allows, anything else is refused. Work
/// and memory are bounded by [Limits]. Values are null, Boolean, Long, BigInteger, Double, String,
/// [ByteSource] (bytes), [Tuple], [ArrayList] (lists and sets), [Dict], [AllowedClass], and what
/// the allowed classes make.
public final class Unpickler {
  private static final Opcode[] OPCODES = new Opcode[256];

  static {
    ValueOpcodes.register(OPCODES);
    ContainerOpcodes.register(OPCODES);
    ObjectOpcodes.register(OPCODES);
  }

  /// One instruction.
  interface Opcode {
    void run(Unpickler machine);
  }

  /// What a file format adds to plain pickle.
  public interface Format {
    /// Returns the class or function of that name.
    ///
    /// @throws org.duovox.DuovoxException (BAD_DATA) that names it when it is not allowed
    AllowedClass find(String module, String name, PickleInput input);

    /// Returns the object behind an identifier that is outside of the pickle.
    default Object persistent(Object id, PickleInput input) {
      throw input.bad(
          "the pickle refers to an object outside of itself, which only PyTorch files do; nothing"
              + " was executed");
    }

    /// Returns what takes the place of an object whose state was just set.
    default Object built(Object value, Unpickler machine) {
      return value;
    }
  }

  /// A class or function that a pickle names and that is allowed, with what stands for calling it.
  ///
  /// @param name module and name, joined by a dot
  public record AllowedClass(String name, Constructor constructor) {

    /// Makes plain data of the arguments of a call.
    public interface Constructor {
      Object make(Tuple arguments);
    }
  }

  /// What a pickle makes first and fills afterwards.
  public interface Stateful {
    /// @throws Malformed for a state that it cannot have
    void setState(Object state);
  }

  private final PickleInput input;
  private final Format format;
  private final Map<Long, Object> memo = new HashMap<>();
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private boolean stopped;
  private long opcodes;
  private long heap;

  public Unpickler(PickleInput input, Format format) {
    this.input = input;
    this.format = format;
  }

  /// Reads one pickle, up to its end and not beyond.
  public Object load() {
    while (!stopped) {
      int code = input.unsignedByte();
      Opcode opcode = OPCODES[code];
      if (opcode == null) {
        throw input.bad("0x%02x is no instruction of a pickle; is it one?".formatted(code));
      }
      if (++opcodes > Limits.OPCODES) {
        throw input.bad("more than %d instructions".formatted(Limits.OPCODES));
      }
      opcode.run(this);
    }
    return pop();
  }

  /// Reads a pickle that stands inside of this one; its work and memory count here too.
  public Object nested() {
    Unpickler inner = new Unpickler(input, format::find);
    inner.opcodes = opcodes;
    inner.heap = heap;
    Object value = inner.load();
    opcodes = inner.opcodes;
    heap = inner.heap;
    return value;
  }

  void stop() {
    stopped = true;
  }

  public PickleInput input() {
    return input;
  }

  Format format() {
    return format;
  }

  /// Counts bytes of the heap that an instruction takes for good.
  void charge(long bytes) {
    heap += bytes;
    if (heap > Limits.HEAP_BYTES) {
      throw input.bad(
          "its objects would take more than %d MiB of memory, tensors not counted"
              .formatted(Limits.HEAP_BYTES >> 20));
    }
  }

  void push(Object value) {
    if (stack.size() >= Limits.STACK) {
      throw input.bad("more than %d values on the stack".formatted(Limits.STACK));
    }
    charge(24);
    stack.add(value);
  }

  Object pop() {
    requireValue();
    return stack.removeLast();
  }

  Object peek() {
    requireValue();
    return stack.getLast();
  }

  void mark() {
    if (marks.size() >= Limits.MARKS) {
      throw input.bad("nested more than %d deep".formatted(Limits.MARKS));
    }
    marks.add(stack.size());
  }

  /// All values since the last mark, which is removed.
  ArrayList<Object> popMarked() {
    if (marks.isEmpty()) {
      throw input.bad("the end of a group that has no beginning");
    }
    List<Object> top = stack.subList(marks.removeLast(), stack.size());
    ArrayList<Object> values = new ArrayList<>(top);
    charge(16L * values.size() + 32);
    top.clear();
    return values;
  }

  /// Removes the last value, or the last mark when nothing stands above it.
  void popValueOrMark() {
    if (!marks.isEmpty() && marks.getLast() == stack.size()) {
      marks.removeLast();
    } else {
      pop();
    }
  }

  void remember(long key) {
    if (memo.size() >= Limits.MEMO) {
      throw input.bad("more than %d values remembered".formatted(Limits.MEMO));
    }
    charge(64);
    memo.put(key, peek());
  }

  void rememberNext() {
    remember(memo.size());
  }

  void recall(long key) {
    if (!memo.containsKey(key)) {
      throw input.bad("value %d is asked for and was never stored".formatted(key));
    }
    push(memo.get(key));
  }

  private void requireValue() {
    int bottom = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() <= bottom) {
      throw input.bad("a value is needed and there is none");
    }
  }
}
