package org.duovox.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.duovox.io.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that s3prl made of fairseq's: `task_cfg`, `model_cfg` and `model_weight` as plain
/// dictionaries, of HuBERT with `dictionaries_symbols`. They become what fairseq's own become.
class S3prlConversionTest {
  private static final String CONVOLUTIONS = "[(4,10,5)] + [(4, 3, 2)] * 4 + [(4,2,2)] * 2";

  @TempDir private Path folder;

  private static PickleBytes model(PickleBytes pickle, String name, boolean large) {
    pickle.ops("}(").text("_name").text(name).text("encoder_attention_heads").whole(4);
    pickle
        .text("layer_norm_first")
        .truth(large && !name.startsWith("data2vec"))
        .text("conv_feature_layers")
        .text(CONVOLUTIONS);
    return pickle.text("extractor_mode").text(large ? "layer_norm" : "default").ops("u");
  }

  private static PickleBytes task(PickleBytes pickle, boolean large) {
    return pickle
        .ops("}(")
        .text("normalize")
        .truth(large)
        .text("sample_rate")
        .whole(16000)
        .ops("u");
  }

  /// Converts the same weights from both forms and compares every file but `conversion.json`.
  private void sameAsOfFairseq(Map<String, long[]> shapes, String name, boolean large, String title)
      throws IOException {
    PickleBytes cfg = new PickleBytes().text("args").ops("N").text("cfg").ops("}(").text("model");
    model(cfg, name, large).text("task");
    task(cfg, large).ops("u");
    Path fairseq = folder.resolve(name + "-fairseq");
    Checkpoints.convert(
        Checkpoints.write(
            folder, "f.pt", Checkpoints.of(Map.of("model", shapes), cfg, new Random(5))),
        fairseq);
    PickleBytes rest = new PickleBytes().text("task_cfg");
    task(rest, large).text("model_cfg");
    model(rest, name, large);
    if (name.equals("hubert")) {
      rest.text("dictionaries_symbols").ops("](](").text("<s>").text("0").ops("ee");
    }
    Path s3prl = folder.resolve(name + "-s3prl");
    Conversion conversion =
        Checkpoints.convert(
            Checkpoints.write(
                folder,
                "s.pt",
                Checkpoints.of(Map.of("model_weight", shapes), rest, new Random(5))),
            s3prl);
    assertEquals(title + ", s3prl's form", conversion.layout());
    assertTrue(conversion.notes().isEmpty(), conversion.notes().toString());
    for (String file : List.of("model.safetensors", "config.json", "preprocessor_config.json")) {
      assertEquals(-1, Files.mismatch(fairseq.resolve(file), s3prl.resolve(file)), file);
    }
    assertEquals(
        large,
        Json.tree(s3prl.resolve("preprocessor_config.json")).path("do_normalize").booleanValue());
  }

  @Test
  void hubert() throws IOException {
    Map<String, long[]> shapes = Shapes.fairseq(false);
    shapes.put("label_embs_concat", new long[] {5, 2});
    shapes.put("final_proj.weight", new long[] {2, 8});
    sameAsOfFairseq(shapes, "hubert", false, "HuBERT");
  }

  @Test
  void wav2vecLarge() throws IOException {
    sameAsOfFairseq(Shapes.fairseq(true), "wav2vec2", true, "wav2vec 2.0");
  }

  @Test
  void data2vec() throws IOException {
    Map<String, long[]> shapes = Shapes.fairseq(true);
    shapes.keySet().removeIf(name -> name.startsWith("encoder.pos_conv."));
    for (int i = 0; i < 2; i++) {
      shapes.put("encoder.pos_conv." + i + ".0.weight", new long[] {8, 4, 5});
      shapes.put("encoder.pos_conv." + i + ".0.bias", new long[] {8});
    }
    sameAsOfFairseq(shapes, "data2vec_audio", true, "data2vec-audio");
  }

  /// s3prl does not keep the name of every architecture; the tensors tell it then.
  @Test
  void withoutTheNameOfTheArchitecture() {
    Map<String, long[]> shapes = new LinkedHashMap<>(Shapes.fairseq(false));
    shapes.put("label_embs_concat", new long[] {5, 2});
    PickleBytes rest = new PickleBytes().text("task_cfg");
    task(rest, false).text("model_cfg").ops("}(").text("encoder_attention_heads").whole(4);
    rest.text("layer_norm_first").truth(false).ops("u");
    Conversion conversion =
        Checkpoints.convert(
            Checkpoints.write(
                folder,
                "s.pt",
                Checkpoints.of(Map.of("model_weight", shapes), rest, new Random(5))),
            folder.resolve("out"));
    assertEquals("HuBERT, s3prl's form", conversion.layout());
  }
}
