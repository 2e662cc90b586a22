package org.duovox.convert;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Writes pickles opcode by opcode, as Python and PyTorch do and as an attacker may.
public final class PickleBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// Starts a pickle of a protocol.
  static PickleBytes protocol(int version) {
    return new PickleBytes().code(0x80, version);
  }

  /// Raw opcodes or arguments.
  public PickleBytes code(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  /// Raw opcodes that are letters.
  public PickleBytes ops(String letters) {
    return raw(letters.getBytes(StandardCharsets.ISO_8859_1));
  }

  PickleBytes raw(byte[] data) {
    bytes.writeBytes(data);
    return this;
  }

  PickleBytes text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return code('X').little(utf8.length, 4).raw(utf8);
  }

  PickleBytes whole(long value) {
    return code(0x8a, 8).little(value, 8);
  }

  PickleBytes truth(boolean value) {
    return code(value ? 0x88 : 0x89);
  }

  PickleBytes binary(byte[] data) {
    return code('B').little(data.length, 4).raw(data);
  }

  /// A number in so many little-endian bytes.
  PickleBytes little(long value, int size) {
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return raw(Arrays.copyOf(buffer.array(), size));
  }

  /// A class in the old spelling.
  public PickleBytes global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  /// A class in the spelling of protocol 4.
  PickleBytes stackGlobal(String module, String name) {
    return text(module).text(name).code(0x93);
  }

  PickleBytes wholes(long... values) {
    ops("(");
    for (long value : values) {
      whole(value);
    }
    return ops("t");
  }

  /// A tensor over a storage, with an offset and strides in elements.
  PickleBytes tensor(
      String storage, String key, long elements, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").ops("(");
    storage(storage, key, elements).whole(offset).wholes(shape).wholes(strides).truth(false);
    return global("collections", "OrderedDict").ops(")RtR");
  }

  PickleBytes storage(String type, String key, long elements) {
    ops("(").text("storage").global("torch", type).text(key).text("cpu").whole(elements);
    return ops("tQ");
  }

  /// A contiguous float tensor that is all of its storage.
  PickleBytes floats(String key, long... shape) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return tensor("FloatStorage", key, step, 0, shape, strides);
  }

  /// A dictionary of float tensors; the storage of the first has the key `first`.
  PickleBytes state(Map<String, long[]> shapes, int first) {
    ops("}(");
    int key = first;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      text(entry.getKey()).floats(Integer.toString(key++), entry.getValue());
    }
    return ops("u");
  }

  public byte[] end() {
    code('.');
    return bytes.toByteArray();
  }
}
