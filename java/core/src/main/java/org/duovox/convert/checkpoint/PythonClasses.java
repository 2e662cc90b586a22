package org.duovox.convert.checkpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.duovox.convert.pickle.ByteSource;
import org.duovox.convert.pickle.Dict;
import org.duovox.convert.pickle.Malformed;
import org.duovox.convert.pickle.Tuple;
import org.duovox.convert.pickle.Unpickler;

/// Containers and plain classes of Python's own library.
final class PythonClasses {
  private PythonClasses() {}

  static void register() {
    AllowedClasses.allow("collections", "OrderedDict", PythonClasses::dict);
    AllowedClasses.allow("collections", "Counter", PythonClasses::dict);
    // Its first argument makes absent values and is of no use here.
    AllowedClasses.allow("collections", "defaultdict", arguments -> new Dict());
    for (String module : List.of("builtins", "__builtin__")) {
      AllowedClasses.allow(module, "dict", PythonClasses::dict);
      AllowedClasses.allow(module, "list", PythonClasses::list);
      AllowedClasses.allow(module, "set", PythonClasses::list);
      AllowedClasses.allow(module, "frozenset", PythonClasses::list);
      AllowedClasses.allow(module, "tuple", PythonClasses::list);
      AllowedClasses.allow(module, "bytes", PythonClasses::bytes);
      AllowedClasses.allow(module, "bytearray", PythonClasses::bytes);
      AllowedClasses.inert(module, "int", "float", "bool", "str", "object", "complex", "slice");
    }
    AllowedClasses.inert("__builtin__", "long", "unicode");
    AllowedClasses.inert("typing", "Any", "Dict", "List", "Optional", "Union");
    AllowedClasses.inert("argparse", "Namespace");
    AllowedClasses.inert("types", "SimpleNamespace");
    for (String module : List.of("pathlib", "pathlib._local")) {
      AllowedClasses.inert(module, "Path", "PosixPath", "PurePath", "PurePosixPath");
    }
    AllowedClasses.allow("_codecs", "encode", PythonClasses::encode);
    AllowedClasses.allow("copyreg", "_reconstructor", PythonClasses::reconstruct);
    AllowedClasses.allow("copy_reg", "_reconstructor", PythonClasses::reconstruct);
  }

  private static Object dict(Tuple arguments) {
    Dict dict = new Dict();
    switch (arguments.get(0)) {
      case null -> {
        // Filled afterwards.
      }
      case Dict other -> dict.putAll(other);
      case List<?> pairs -> pairs.forEach(pair -> putPair(dict, pair));
      default -> throw new Malformed("a dictionary of no pairs");
    }
    return dict;
  }

  private static void putPair(Dict dict, Object pair) {
    List<?> two =
        switch (pair) {
          case Tuple tuple -> tuple.values();
          case List<?> list -> list;
          case null, default -> List.of();
        };
    if (two.size() != 2) {
      throw new Malformed("a dictionary of no pairs");
    }
    dict.put(two.get(0), two.get(1));
  }

  private static Object list(Tuple arguments) {
    return switch (arguments.get(0)) {
      case null -> new ArrayList<>();
      case List<?> list -> new ArrayList<Object>(list);
      case Tuple tuple -> new ArrayList<>(tuple.values());
      default -> throw new Malformed("a list of what is none");
    };
  }

  private static Object bytes(Tuple arguments) {
    return switch (arguments.get(0)) {
      case null -> ByteSource.of(new byte[0]);
      case ByteSource source -> source;
      case String text -> latin(text);
      default -> throw new Malformed("bytes of what are none");
    };
  }

  /// How Python 3 writes bytes for readers of Python 2: as text, one character a byte.
  private static Object encode(Tuple arguments) {
    if (arguments.get(0) instanceof String text
        && arguments.get(1) instanceof String code
        && (code.equals("latin1") || code.equals("latin-1"))) {
      return latin(text);
    }
    throw new Malformed("only bytes written as latin1 text are read");
  }

  static ByteSource latin(String text) {
    if (text.chars().anyMatch(c -> c > 0xFF)) {
      throw new Malformed("bytes written as text with a character above 255");
    }
    return ByteSource.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Objects of protocols 0 and 1: class, base class, state of the base.
  private static Object reconstruct(Tuple arguments) {
    if (arguments.get(0) instanceof Unpickler.AllowedClass type) {
      return type.constructor().make(new Tuple(List.of()));
    }
    throw new Malformed("an object without a class");
  }
}
