package org.duovox.convert.checkpoint;

import java.util.HashMap;
import java.util.Map;
import org.duovox.convert.pickle.InertObject;
import org.duovox.convert.pickle.PickleInput;
import org.duovox.convert.pickle.Unpickler;
import org.duovox.convert.pickle.Unpickler.AllowedClass.Constructor;

/// The classes and functions that a pickle may name, each with the plain data that stands for it.
///
/// Nothing else is looked up, loaded or called. Names of modules that moved are listed under every
/// name they had.
final class AllowedClasses {
  /// A format whose pickles may name these classes.
  interface Format extends Unpickler.Format {
    @Override
    default Unpickler.AllowedClass find(String module, String name, PickleInput input) {
      return AllowedClasses.find(module, name, input);
    }
  }

  private static final Map<String, Map<String, Constructor>> BY_MODULE = new HashMap<>();

  static {
    PythonClasses.register();
    NumpyClasses.register();
    TorchClasses.register();
    FairseqClasses.register();
  }

  private AllowedClasses() {}

  static void allow(String module, String name, Constructor constructor) {
    BY_MODULE.computeIfAbsent(module, m -> new HashMap<>()).put(name, constructor);
  }

  /// Allows classes of which only the content is kept.
  static void inert(String module, String... names) {
    for (String name : names) {
      String full = module + "." + name;
      allow(module, name, arguments -> new InertObject(full, arguments));
    }
  }

  /// The class of that name, or a refusal that names it.
  static Unpickler.AllowedClass find(String module, String name, PickleInput input) {
    Constructor constructor = BY_MODULE.getOrDefault(module, Map.of()).get(name);
    String full = module + "." + name;
    if (constructor != null) {
      return new Unpickler.AllowedClass(full, constructor);
    }
    throw input.bad(
        "refused: the pickle asks for %s, which is not among the classes that a checkpoint may name;"
                .formatted(printable(full))
            + " nothing was executed"
            + hint(module));
  }

  private static String hint(String module) {
    if (module.startsWith("torch.nn.modules")
        || module.startsWith("fairseq.models")
        || module.startsWith("transformers.")) {
      return ". It holds a whole model with its code; save its state_dict() instead";
    }
    if (module.startsWith("__torch__") || module.startsWith("torch.jit")) {
      return ". TorchScript is code; save the state_dict() instead";
    }
    if (module.startsWith("sklearn.")) {
      return ". Of scikit-learn only KMeans and MiniBatchKMeans are read";
    }
    if (module.contains("joblib")) {
      return ". Written by joblib before 0.10, which kept arrays in files of their own; dump it again"
          + " with a newer one";
    }
    return "";
  }

  /// A name as a message can carry it.
  private static String printable(String name) {
    String shown = name.length() > 200 ? name.substring(0, 200) + "..." : name;
    return shown.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
