package org.duovox.convert.checkpoint;

import java.util.Optional;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.PickleInput;
import org.duovox.convert.pickle.Unpickler;

/// A pickle of Python or of joblib, which writes the bytes of arrays into the midst of the pickle,
/// each after an object that describes them.
final class JoblibPickle implements AllowedClasses.Format {
  private static final String WRAPPER = "NumpyArrayWrapper";

  private JoblibPickle() {}

  static Object load(ByteSource source, String where) {
    try (PickleInput input = new PickleInput(source, where)) {
      return new Unpickler(input, new JoblibPickle()).load();
    }
  }

  @Override
  public Object built(Object value, Unpickler machine) {
    return value instanceof InertObject wrapper && wrapper.className().endsWith("." + WRAPPER)
        ? array(wrapper, machine)
        : value;
  }

  private static Object array(InertObject wrapper, Unpickler machine) {
    PickleInput input = machine.input();
    if (!(wrapper.attribute("dtype") instanceof NumpyType type)
        || !(wrapper.attribute("order") instanceof String order)) {
      throw input.bad("an array of joblib without type and order");
    }
    if (type.isObject()) {
      return machine.nested(); // Objects follow in a pickle of their own.
    }
    long[] shape = shape(wrapper, input);
    if (wrapper.attribute("numpy_array_alignment_bytes") != null) {
      input.region(input.unsignedByte()); // From joblib 1.1 on: so many bytes to align the data.
    }
    NumpyArray array = new NumpyArray();
    try {
      array.fill(type, shape, order.equals("F"), input.region(NumpyArray.byteSize(type, shape)));
    } catch (Malformed e) {
      throw input.bad(e.getMessage());
    }
    return array;
  }

  private static long[] shape(InertObject wrapper, PickleInput input) {
    try {
      return Tensor.longs(
          Optional.ofNullable(wrapper.attribute("shape"))
              .orElseThrow(() -> new Malformed("an array of joblib without a shape")));
    } catch (Malformed e) {
      throw input.bad(e.getMessage());
    }
  }
}
