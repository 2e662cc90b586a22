package org.duovox.convert.checkpoint;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.PickleInput;
import org.duovox.convert.pickle.Unpickler;

/// A checkpoint in the form of PyTorch before 1.6: five pickles (a magic number, a version, the
/// machine, the object, the keys of its storages), then the storages.
final class TorchStream {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  /// What every such file begins with: protocol 2, then the magic number in ten bytes.
  private static final byte[] START = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private final PickleInput input;
  private final Map<String, Storage> storages = new HashMap<>();
  private boolean bigEndian;

  private TorchStream(PickleInput input) {
    this.input = input;
  }

  /// Whether a file begins as this form does, in any protocol that PyTorch could be told to use.
  static boolean isOne(ByteSource source) {
    if (source.size() < START.length) {
      return false;
    }
    try (PickleInput input = new PickleInput(source, "")) {
      byte[] start = input.bytes(START.length);
      start[1] = START[1]; // The protocol; from 4 on a frame would follow.
      return Arrays.equals(start, START);
    }
  }

  static Object load(ByteSource source, String where) {
    try (PickleInput input = new PickleInput(source, where)) {
      return new TorchStream(input).load();
    }
  }

  private Object load() {
    if (!MAGIC.equals(pickle()) || !Long.valueOf(VERSION).equals(pickle())) {
      throw input.bad("an unknown version of PyTorch's old format");
    }
    if (!(pickle() instanceof Dict machine)
        || !(machine.get("little_endian") instanceof Boolean little)) {
      throw input.bad("the byte order is not told");
    }
    bigEndian = !little;
    Object root =
        new Unpickler(
                input,
                new AllowedClasses.Format() {
                  @Override
                  public Object persistent(Object id, PickleInput in) {
                    return storage(id);
                  }
                })
            .load();
    readStorages();
    return root;
  }

  private Object pickle() {
    return new Unpickler(input, AllowedClasses::find).load();
  }

  private Storage.View storage(Object reference) {
    TorchClasses.StorageId id = TorchClasses.StorageId.of(reference);
    return id.in(storages.computeIfAbsent(id.key(), key -> id.make(bigEndian)));
  }

  private void readStorages() {
    if (!(pickle() instanceof List<?> keys) || keys.size() != storages.size()) {
      throw input.bad("the list of storages does not fit the tensors");
    }
    for (Object key : keys) {
      Storage storage = key instanceof String name ? storages.remove(name) : null;
      if (storage == null) {
        throw input.bad("a storage that no tensor refers to, or the same again");
      }
      long elements = input.signedLong();
      if (elements != storage.elements()) {
        throw input.bad(
            "%s says %d elements where it is used and %d where it stands"
                .formatted(storage.name(), storage.elements(), elements));
      }
      storage.with(input.region(storage.byteSize()));
    }
  }
}
