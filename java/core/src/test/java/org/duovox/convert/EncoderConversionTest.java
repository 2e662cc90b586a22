package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// CPC and ResDAVEnet-VQ in the forms they are published in, on random weights.
class EncoderConversionTest {
  @TempDir Path folder;

  private final Random random = new Random(3);

  private Set<String> names() {
    try (SafetensorsFile file = Safetensors.open(folder.resolve("out/model.safetensors"))) {
      return new TreeSet<>(file.tensors().stream().map(TensorInfo::name).toList());
    }
  }

  private JsonNode config() {
    return Json.tree(folder.resolve("out/config.json"));
  }

  private static PickleBytes nothing() {
    return PickleBytes.protocol(2);
  }

  private static PickleBytes cpcConfig(long hiddenGar) {
    PickleBytes config = new PickleBytes().text("config").ops("}(");
    config.text("hiddenEncoder").whole(6).text("hiddenGar").whole(hiddenGar);
    return config.text("nLevelsGRU").whole(2).text("arMode").text("LSTM").ops("u");
  }

  private static Map<String, long[]> renamed(Map<String, long[]> shapes, String from, String to) {
    Map<String, long[]> renamed = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> renamed.put(name.replaceFirst(from, to), shape));
    return renamed;
  }

  private Conversion convert(byte[] content) {
    return Checkpoints.convert(Checkpoints.write(folder, "a.pt", content), folder.resolve("out"));
  }

  @Test
  void cpcWithItsConfig() {
    Map<String, long[]> shapes = Shapes.cpc(6, 2);
    convert(Checkpoints.of(Map.of("weights", shapes), cpcConfig(6), random));
    assertEquals(new TreeSet<>(shapes.keySet()), names());
    assertEquals(
        Json.parse(
            """
            {"model_type": "cpc", "hiddenEncoder": 6, "hiddenGar": 6, "nLevelsGRU": 2,
             "arMode": "LSTM", "normMode": "layerNorm"}
            """,
            JsonNode.class,
            "expected"),
        config());
  }

  @Test
  void cpcOfTrainingOnSeveralDevices() {
    Map<String, Map<String, long[]>> parts = new LinkedHashMap<>();
    parts.put("gEncoder", renamed(Shapes.cpc(6, 1), "^", "module."));
    parts.put("cpcCriterion", Map.of("wPrediction.weight", new long[] {2}));
    Checkpoints.write(
        folder, "checkpoint_args.json", "{\"hiddenGar\": 6, \"pathDB\": null, \"betas\": [1]}");
    Conversion conversion = convert(Checkpoints.of(parts, nothing(), random));
    assertEquals(Shapes.cpc(6, 1).keySet(), Set.copyOf(names()));
    assertEquals(List.of("cpcCriterion"), conversion.dropped());
    assertEquals(1, config().path("nLevelsGRU").intValue());
  }

  @Test
  void cpcInTwoParts() {
    Map<String, long[]> all = Shapes.cpc(6, 1);
    Map<String, Map<String, long[]>> parts = new LinkedHashMap<>();
    parts.put("gEncoder", new LinkedHashMap<>());
    parts.put("gAR", new LinkedHashMap<>());
    all.forEach((name, shape) -> {
      String part = name.substring(0, name.indexOf('.'));
      parts.get(part).put(name.substring(part.length() + 1), shape);
    });
    convert(Checkpoints.of(parts, nothing(), random));
    assertEquals(all.keySet(), Set.copyOf(names()));
  }

  @Test
  void cpcThatContradictsItself() {
    byte[] other = Checkpoints.of(Map.of("weights", Shapes.cpc(6, 2)), cpcConfig(7), random);
    assertFails(Kind.BAD_DATA, () -> convert(other), "hiddenGar 7", "the tensors 6");
    Map<String, long[]> shapes = Shapes.cpc(6, 2);
    shapes.put("gAR.baseNet.weight_ih_l1", new long[] {24, 5});
    byte[] odd = Checkpoints.of(Map.of("weights", shapes), nothing(), random);
    assertFails(Kind.BAD_DATA, () -> convert(odd), "gAR.baseNet.weight_ih_l1", "[24, 5]");
    Map<String, long[]> less = Shapes.cpc(6, 2);
    less.remove("gEncoder.conv3.bias");
    byte[] missing = Checkpoints.of(Map.of("weights", less), nothing(), random);
    assertFails(Kind.BAD_DATA, () -> convert(missing), "no tensor \"gEncoder.conv3.bias\"");
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void resDavenet() {
    Conversion conversion =
        convert(Checkpoints.state(renamed(Shapes.resDavenet(), "^", "module."), random));
    assertEquals("ResDAVEnet-VQ", conversion.layout());
    assertEquals(new TreeSet<>(Shapes.resDavenet().keySet()), names());
    assertEquals(
        Json.parse(
            """
            {"model_type": "resdavenet_vq", "layer_widths": [2, 3, 3, 4, 4],
             "codebook_Ks": [5, 5, 5, 5, 5], "vqs_enabled": [0, 1, 1, 0, 0]}
            """,
            JsonNode.class,
            "expected"),
        config());
  }

  @Test
  void resDavenetWithItsArguments() throws Exception {
    Path models = Files.createDirectory(folder.resolve("models"));
    Checkpoints.write(
        models, "best_audio_model.pth", Checkpoints.state(Shapes.resDavenet(), random));
    Checkpoints.write(folder, "args.pkl", arguments("2,3,3,4,4"));
    Checkpoints.convert(folder, folder.resolve("out"));
    assertEquals("[8,5,5,16,32]", config().path("codebook_Ks").toString());
    Checkpoints.write(folder, "args.pkl", arguments("2,3,3,4,9"));
    assertFails(
        Kind.BAD_DATA,
        () -> Checkpoints.convert(folder, folder.resolve("out")),
        "layer_widths [2, 3, 3, 4, 9]");
    assertTrue(Files.exists(folder.resolve("out/model.safetensors")), "the old folder stands");
  }

  /// What lies beside a checkpoint is read where it is, never unpacked there.
  @Test
  void argumentsThatAreNoPlainPickle() throws Exception {
    Path model = Checkpoints.write(folder, "a.pth", Checkpoints.state(Shapes.resDavenet(), random));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(arguments("2,3,3,4,4"));
    }
    Checkpoints.write(folder, "args.pkl", packed.toByteArray());
    assertFails(
        Kind.BAD_DATA,
        () -> Checkpoints.convert(model, folder.resolve("out")),
        "args.pkl",
        "not a plain pickle");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count());
    }
  }

  private static byte[] arguments(String widths) {
    PickleBytes arguments = PickleBytes.protocol(3).global("argparse", "Namespace").ops(")");
    arguments.code(0x81).ops("}(").text("VQ_sizes").text("8,5,5,16,32");
    return arguments.text("layer_widths").text(widths).ops("ub").end();
  }

  @Test
  void tensorsOfNoKnownLayout() {
    byte[] content = Checkpoints.state(Map.of("x.weight", new long[] {2, 2}), random);
    assertFails(
        Kind.BAD_DATA, () -> convert(content), "x.weight F32[2, 2]", "--generic", "ResDAVEnet-VQ");
    Path file = Checkpoints.write(folder, "a.pt", content);
    Conversion conversion = Checkpoints.convertGeneric(file, folder.resolve("out"));
    assertEquals(Set.of("x.weight"), names());
    assertFalse(conversion.files().contains("config.json"));
    Path none = Checkpoints.write(folder, "b.pt", PickleBytes.protocol(2).ops("}").end());
    assertFails(
        Kind.BAD_DATA, () -> Checkpoints.convertGeneric(none, folder.resolve("o")), "no tensors");
  }

  @Test
  void aFolderThatHoldsSomethingElseIsKept() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    Checkpoints.write(out, "precious.txt", "x");
    byte[] content = Checkpoints.state(Shapes.resDavenet(), random);
    assertFails(Kind.CANNOT_CREATE, () -> convert(content), "precious.txt");
    assertFails(Kind.MISSING_INPUT, () -> Checkpoints.convert(folder.resolve("none"), out), "none");
    assertFails(Kind.MISSING_INPUT, () -> Checkpoints.convert(out, out), "name the checkpoint");
  }
}
