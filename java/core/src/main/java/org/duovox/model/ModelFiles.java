package org.duovox.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeTensor;
import org.duovox.io.ArraySize;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.DType;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.SafetensorsWriter;
import org.duovox.io.tensors.TensorInfo;
import tools.jackson.databind.JsonNode;

/// Reads and writes the folder of a model: `config.json` ([ModelCard]) and `model.safetensors`
/// (every named tensor, codebooks included).
public final class ModelFiles {
  /// Name of the file of the [ModelCard].
  public static final String CONFIG = "config.json";

  /// Name of the file of the tensors.
  public static final String TENSORS = "model.safetensors";

  private static final int LISTED = 8;

  private ModelFiles() {}

  /// Publishes a model as a folder.
  ///
  /// @throws DuovoxException (DIVERGED) when a value of a tensor is not finite
  public static void save(UnitModel model, Path folder) {
    try (PendingDirectory pending = AtomicFiles.createDirectory(folder)) {
      write(model, pending.path());
      pending.commit();
    }
  }

  /// Writes the two files into a folder that the caller publishes.
  public static void write(UnitModel model, Path folder) {
    AtomicFiles.write(folder.resolve(CONFIG), Json.pretty(model.card()));
    try (SafetensorsWriter writer =
        Safetensors.create(folder.resolve(TENSORS), Map.of("format", "pt"))) {
      for (NativeTensor parameter : model.nativeModel().parameters()) {
        float[] values = readFinite(model.nativeModel(), parameter);
        writer.add(parameter.name(), parameter.shape(), values);
      }
      writer.commit();
    }
  }

  /// Returns all tensors of a model for writing; each is read from the model when it is written.
  public static List<Safetensors.Known> tensors(UnitModel model) {
    NativeModel source = model.nativeModel();
    return source.parameters().stream()
        .map(p ->
            new Safetensors.Known(
                p.name(), DType.F32, p.shape(), () -> bytes(readFinite(source, p))))
        .toList();
  }

  /// Reads the values of a tensor. Throws when one is not finite: a model that has diverged must
  /// not replace one that has not.
  private static float[] readFinite(NativeModel model, NativeTensor parameter) {
    float[] values = model.read(parameter);
    if (!isFinite(values)) {
      throw new DuovoxException(
          DuovoxException.Kind.DIVERGED,
          ("the training diverged: %s of the model holds values that are not finite; it is not saved,"
                  + " what was saved before stays")
              .formatted(parameter.name()));
    }
    return values;
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ArraySize.of("the bytes of a parameter", values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /// Reads the `config.json` of a model.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA) when there is none or it is of another kind
  public static ModelCard card(Path folder) {
    Path file = folder.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.missing(folder + " is not a model: it has no " + CONFIG);
    }
    JsonNode tree = Json.tree(file);
    String format = tree.path("format").asString("");
    if (!format.equals(ModelCard.FORMAT) || tree.path("version").asInt(0) != 1) {
      throw DuovoxException.badData(
          "%s: is '%s', version %s; this program reads %s, version 1"
              .formatted(file, format, tree.path("version"), ModelCard.FORMAT));
    }
    return HubConfig.isHub(tree)
        ? HubConfig.card(tree, file.toString())
        : Json.read(file, ModelCard.class);
  }

  /// Fills a model with the tensors of a folder.
  ///
  /// @param mayDiffer selects tensors that keep the model's own values; in the file they may be
  ///   missing or of another shape
  /// @throws DuovoxException (BAD_DATA) that lists what is missing, unknown, of the wrong shape or
  ///   not finite
  static void load(UnitModel model, Path folder, Predicate<String> mayDiffer) {
    Path file = folder.resolve(TENSORS);
    try (SafetensorsFile tensors = Safetensors.open(file)) {
      requireSameTensors(model, tensors, mayDiffer);
      List<String> notFinite = new ArrayList<>();
      for (NativeTensor parameter : model.nativeModel().parameters()) {
        if (!mayDiffer.test(parameter.name())) {
          float[] values = tensors.floats(parameter.name());
          if (isFinite(values)) {
            model.nativeModel().write(parameter, values);
          } else {
            notFinite.add(parameter.name());
          }
        }
      }
      if (!notFinite.isEmpty()) {
        throw DuovoxException.badData(
            "%s: not finite: %s; the training diverged or the file is damaged"
                .formatted(file, firstOf(notFinite)));
      }
    }
  }

  private static void requireSameTensors(
      UnitModel model, SafetensorsFile tensors, Predicate<String> mayDiffer) {
    Map<String, TensorInfo> unknown = new LinkedHashMap<>();
    tensors.tensors().forEach(tensor -> unknown.put(tensor.name(), tensor));
    Map<String, List<String>> problems = new TreeMap<>();
    for (NativeTensor parameter : model.nativeModel().parameters()) {
      TensorInfo stored = unknown.remove(parameter.name());
      if (!mayDiffer.test(parameter.name())) {
        compare(parameter, stored, problems);
      }
    }
    List<String> extra = unknown.keySet().stream().filter(name -> !mayDiffer.test(name)).toList();
    if (!extra.isEmpty()) {
      problems.put("unknown", extra);
    }
    if (!problems.isEmpty()) {
      StringBuilder message = new StringBuilder(tensors.path() + ": does not fit its " + CONFIG);
      problems.forEach(
          (kind, names) -> message.append("; ").append(kind).append(": ").append(firstOf(names)));
      throw DuovoxException.badData(message.toString());
    }
  }

  /// Adds what is wrong with a stored tensor, which may be null, to the names by kind of problem.
  private static void compare(
      NativeTensor parameter, TensorInfo stored, Map<String, List<String>> problems) {
    if (stored == null) {
      add(problems, "missing", parameter.name());
    } else if (!Arrays.equals(stored.shape(), parameter.shape())) {
      String both =
          Arrays.toString(stored.shape()) + " instead of " + Arrays.toString(parameter.shape());
      add(problems, "of the wrong shape", parameter.name() + " " + both);
    }
  }

  private static void add(Map<String, List<String>> problems, String kind, String name) {
    problems.computeIfAbsent(kind, key -> new ArrayList<>()).add(name);
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static String firstOf(List<String> names) {
    String list = String.join(", ", names.subList(0, Math.min(LISTED, names.size())));
    return names.size() <= LISTED ? list : list + " and " + (names.size() - LISTED) + " more";
  }
}
