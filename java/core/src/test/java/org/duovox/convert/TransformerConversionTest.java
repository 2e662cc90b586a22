package org.duovox.convert;

import static org.duovox.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.json.Json;
import org.duovox.io.tensors.Safetensors;
import org.duovox.io.tensors.SafetensorsFile;
import org.duovox.io.tensors.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Models in the form of fairseq, on random weights.
class TransformerConversionTest {
  private static final String CONVOLUTIONS = "[(4,10,5)] + [(4, 3, 2)] * 4 + [(4,2,2)] * 2";

  @TempDir Path folder;

  private final Random random = new Random(5);

  private Conversion convert(Map<String, long[]> shapes, PickleBytes rest) {
    byte[] content = Checkpoints.of(Map.of("model", shapes), rest, random);
    return Checkpoints.convert(Checkpoints.write(folder, "a.pt", content), folder.resolve("out"));
  }

  private Set<String> names() {
    try (SafetensorsFile file = Safetensors.open(folder.resolve("out/model.safetensors"))) {
      return new TreeSet<>(file.tensors().stream().map(TensorInfo::name).toList());
    }
  }

  private JsonNode config() {
    return Json.tree(folder.resolve("out/config.json"));
  }

  private JsonNode preprocessor() {
    return Json.tree(folder.resolve("out/preprocessor_config.json"));
  }

  /// `cfg` as a dictionary: settings of model and task.
  private static PickleBytes cfg(String name, boolean large) {
    PickleBytes cfg = new PickleBytes().text("args").ops("N").text("cfg").ops("}(");
    cfg.text("model").ops("}(").text("_name").text(name).text("encoder_attention_heads").whole(4);
    cfg.text("layer_norm_first").truth(large).text("conv_feature_layers").text(CONVOLUTIONS);
    cfg.text("extractor_mode").text(large ? "layer_norm" : "default").ops("u");
    return cfg.text("task").ops("}").text("normalize").truth(large).ops("su");
  }

  @Test
  void hubertBase() {
    Map<String, long[]> shapes = Shapes.fairseq(false);
    shapes.put("label_embs_concat", new long[] {5, 2});
    shapes.put("final_proj.weight", new long[] {2, 8});
    Conversion conversion = convert(shapes, cfg("hubert", false).text("criterion").ops("N"));
    assertTrue(conversion.dropped().containsAll(Set.of("label_embs_concat", "criterion")));
    assertEquals(Shapes.fairseq(false).size(), names().size());
    requireConfig(
        """
        {"model_type": "hubert", "architectures": ["HubertModel"], "conv_dim": [4,4,4,4,4,4,4],
         "conv_kernel": [10,3,3,3,3,2,2], "conv_stride": [5,2,2,2,2,2,2], "conv_bias": false,
         "num_feat_extract_layers": 7, "feat_extract_norm": "group", "feat_extract_activation":
         "gelu", "hidden_act": "gelu", "hidden_size": 8, "num_hidden_layers": 2,
         "num_attention_heads": 4, "intermediate_size": 12, "layer_norm_eps": 1e-5,
         "do_stable_layer_norm": false, "num_conv_pos_embeddings": 6,
         "num_conv_pos_embedding_groups": 2, "feat_proj_layer_norm": true,
         "conv_pos_batch_norm": false}
        """);
    assertFalse(preprocessor().path("do_normalize").booleanValue());
    assertEquals(16000, preprocessor().path("sampling_rate").intValue());
  }

  @Test
  void namesOfHuggingFace() {
    convert(Shapes.fairseq(false), cfg("hubert", false));
    assertTrue(
        names()
            .containsAll(
                Set.of(
                    "feature_extractor.conv_layers.0.layer_norm.bias",
                    "encoder.pos_conv_embed.conv.weight_g",
                    "encoder.layers.1.attention.out_proj.weight",
                    "encoder.layers.0.layer_norm.weight",
                    "encoder.layers.0.feed_forward.output_dense.weight",
                    "feature_projection.layer_norm.weight",
                    "masked_spec_embed")),
        names().toString());
  }

  private void requireConfig(String expected) {
    assertEquals(Json.parse(expected, JsonNode.class, "expected"), config());
  }

  @Test
  void hubertLargeWithTheOlderArguments() {
    PickleBytes args = new PickleBytes().text("cfg").ops("N").text("args");
    args.global("argparse", "Namespace").ops(")").code(0x81).ops("}(");
    args.text("arch").text("hubert_large").text("normalize").truth(true);
    args.text("layer_norm_first").truth(true).text("encoder_attention_heads").whole(2).ops("ub");
    convert(Shapes.fairseq(true), args);
    assertTrue(config().path("do_stable_layer_norm").booleanValue());
    assertTrue(config().path("conv_bias").booleanValue());
    assertEquals("layer", config().path("feat_extract_norm").stringValue());
    assertTrue(preprocessor().path("do_normalize").booleanValue());
    assertTrue(names().contains("feature_extractor.conv_layers.3.layer_norm.weight"));
  }

  /// OmegaConf's containers are kept as data; their values are found in them.
  @Test
  void settingsOfHydra() {
    PickleBytes cfg = new PickleBytes().text("cfg");
    container(cfg, "model");
    node(cfg.text("_name"), "hubert");
    cfg.text("encoder_attention_heads").global("omegaconf.nodes", "AnyNode").ops(")").code(0x81);
    cfg.ops("}(").text("_val").whole(2).text("_parent").ops("Nub").ops("sub").ops("sub");
    convert(Shapes.fairseq(false), cfg);
    assertEquals(2, config().path("num_attention_heads").intValue());
    assertEquals("hubert", config().path("model_type").stringValue());
  }

  /// A DictConfig with one DictConfig inside, left open at the inner content.
  private static void container(PickleBytes cfg, String key) {
    for (int i = 0; i < 2; i++) {
      cfg.global("omegaconf.dictconfig", "DictConfig").ops(")").code(0x81).ops("}(");
      cfg.text("_metadata").global("omegaconf.base", "ContainerMetadata").ops(")").code(0x81);
      cfg.ops("}").text("ref_type").global("typing", "Any").ops("sb").text("_content").ops("}");
      if (i == 0) {
        cfg.text(key);
      }
    }
  }

  private static void node(PickleBytes cfg, String value) {
    cfg.global("omegaconf.nodes", "AnyNode").ops(")").code(0x81).ops("}").text("_val");
    cfg.text(value).ops("sbs");
  }

  @Test
  void wav2vecWithItsQuantizer() {
    Map<String, long[]> shapes = Shapes.fairseq(false);
    shapes.put("quantizer.vars", new long[] {1, 6, 2});
    shapes.put("quantizer.weight_proj.weight", new long[] {6, 4});
    shapes.put("quantizer.weight_proj.bias", new long[] {6});
    shapes.put("project_q.weight", new long[] {3, 4});
    shapes.put("final_proj.weight", new long[] {3, 8});
    convert(shapes, cfg("wav2vec2", false));
    Set<String> names = names();
    assertTrue(names.contains("quantizer.codevectors"), names.toString());
    assertTrue(names.contains("project_hid.weight"));
    assertTrue(names.contains("wav2vec2.encoder.layers.0.attention.q_proj.bias"));
    JsonNode config = config();
    assertEquals("Wav2Vec2ForPreTraining", config.path("architectures").path(0).stringValue());
    assertEquals(2, config.path("num_codevector_groups").intValue());
    assertEquals(3, config.path("num_codevectors_per_group").intValue());
    assertEquals(4, config.path("codevector_dim").intValue());
    assertEquals(3, config.path("proj_codevector_dim").intValue());
  }

  @Test
  void fineTunedModels() {
    Map<String, long[]> wrapped = new LinkedHashMap<>();
    Shapes.fairseq(false).forEach((k, v) -> wrapped.put("w2v_encoder.w2v_model." + k, v));
    wrapped.put("w2v_encoder.proj.weight", new long[] {3, 8});
    Conversion conversion = convert(wrapped, cfg("hubert_ctc", false));
    assertTrue(conversion.dropped().contains("w2v_encoder.proj.weight"));
    assertEquals(Shapes.fairseq(false).size(), names().size());
  }

  @Test
  void contradictionsAndStrangers() {
    Map<String, long[]> shapes = Shapes.fairseq(false);
    assertFails(
        Kind.BAD_DATA, () -> convert(shapes, cfg("hubert", true)), "extractor_mode layer_norm");
    Map<String, long[]> more = Shapes.fairseq(false);
    more.put("encoder.layers.0.adapter.weight", new long[] {2});
    assertFails(
        Kind.BAD_DATA,
        () -> convert(more, cfg("hubert", false)),
        "no place",
        "encoder.layers.0.adapter.weight");
    assertFails(
        Kind.BAD_DATA,
        () -> convert(shapes, new PickleBytes().text("cfg").ops("N")),
        "neither the settings nor the tensors");
  }

  @Test
  void assumptionsAreTold() {
    Map<String, long[]> shapes = Shapes.fairseq(false);
    shapes.put("label_embs_concat", new long[] {5, 2});
    assertFails(
        Kind.BAD_DATA,
        () -> convert(shapes, new PickleBytes().text("cfg").ops("N")),
        "0 attention heads in a width of 8");
    PickleBytes heads = new PickleBytes().text("cfg").ops("}").text("encoder_attention_heads");
    Conversion conversion = convert(shapes, heads.whole(2).ops("s"));
    String notes = String.join("\n", conversion.notes());
    assertTrue(notes.contains("strides"), notes);
    assertTrue(notes.contains("layer_norm_first"), notes);
    assertTrue(notes.contains("normalized"), notes);
  }
}
