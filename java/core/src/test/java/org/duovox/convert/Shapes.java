package org.duovox.convert;

import java.util.LinkedHashMap;
import java.util.Map;

/// Names and shapes of small models in their published layouts.
final class Shapes {
  private Shapes() {}

  static Map<String, long[]> cpc(int hidden, int levels) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int[] kernels = {10, 8, 4, 4, 4};
    for (int i = 0; i < kernels.length; i++) {
      shapes.put(
          "gEncoder.conv" + i + ".weight", new long[] {hidden, i == 0 ? 1 : hidden, kernels[i]});
      shapes.put("gEncoder.conv" + i + ".bias", new long[] {hidden});
      shapes.put("gEncoder.batchNorm" + i + ".weight", new long[] {1, hidden, 1});
      shapes.put("gEncoder.batchNorm" + i + ".bias", new long[] {1, hidden, 1});
    }
    for (int k = 0; k < levels; k++) {
      shapes.put("gAR.baseNet.weight_ih_l" + k, new long[] {4L * hidden, hidden});
      shapes.put("gAR.baseNet.weight_hh_l" + k, new long[] {4L * hidden, hidden});
      shapes.put("gAR.baseNet.bias_ih_l" + k, new long[] {4L * hidden});
      shapes.put("gAR.baseNet.bias_hh_l" + k, new long[] {4L * hidden});
    }
    return shapes;
  }

  /// Widths 2, 3, 3, 4, 4 and a codebook of 5 after the second and third.
  static Map<String, long[]> resDavenet() {
    long[] widths = {2, 3, 3, 4, 4};
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("conv1.weight", new long[] {2, 1, 40, 1});
    shapes.put("bn1.weight", new long[] {2});
    for (int layer = 1; layer < widths.length; layer++) {
      for (int block = 0; block < 2; block++) {
        String name = "layer" + layer + "." + block;
        long in = widths[block == 0 ? layer - 1 : layer];
        shapes.put(name + ".conv1.weight", new long[] {widths[layer], in, 1, 9});
        shapes.put(name + ".conv2.weight", new long[] {widths[layer], widths[layer], 1, 9});
      }
      shapes.put(
          "layer" + layer + ".0.downsample.0.weight",
          new long[] {widths[layer], widths[layer - 1], 1, 1});
    }
    shapes.put("quant2._embedding.weight", new long[] {5, 3});
    shapes.put("quant3._embedding.weight", new long[] {5, 3});
    return shapes;
  }

  /// HuBERT of fairseq: width 8, 2 layers, 7 convolutions of 4 channels.
  static Map<String, long[]> fairseq(boolean layerNorm) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    convolutions(shapes, layerNorm);
    shapes.put("layer_norm.weight", new long[] {4});
    shapes.put("layer_norm.bias", new long[] {4});
    shapes.put("post_extract_proj.weight", new long[] {8, 4});
    shapes.put("post_extract_proj.bias", new long[] {8});
    shapes.put("mask_emb", new long[] {8});
    shapes.put("encoder.pos_conv.0.weight_g", new long[] {1, 1, 6});
    shapes.put("encoder.pos_conv.0.weight_v", new long[] {8, 4, 6});
    shapes.put("encoder.pos_conv.0.bias", new long[] {8});
    shapes.put("encoder.layer_norm.weight", new long[] {8});
    shapes.put("encoder.layer_norm.bias", new long[] {8});
    for (int n = 0; n < 2; n++) {
      layer(shapes, "encoder.layers." + n + ".");
    }
    return shapes;
  }

  private static void convolutions(Map<String, long[]> shapes, boolean layerNorm) {
    int[] kernels = {10, 3, 3, 3, 3, 2, 2};
    for (int i = 0; i < kernels.length; i++) {
      String name = "feature_extractor.conv_layers." + i;
      shapes.put(name + ".0.weight", new long[] {4, i == 0 ? 1 : 4, kernels[i]});
      if (layerNorm) {
        shapes.put(name + ".0.bias", new long[] {4});
      }
      if (layerNorm || i == 0) {
        shapes.put(name + (layerNorm ? ".2.1.weight" : ".2.weight"), new long[] {4});
        shapes.put(name + (layerNorm ? ".2.1.bias" : ".2.bias"), new long[] {4});
      }
    }
  }

  private static void layer(Map<String, long[]> shapes, String layer) {
    for (String one : new String[] {"k", "v", "q", "out"}) {
      shapes.put(layer + "self_attn." + one + "_proj.weight", new long[] {8, 8});
      shapes.put(layer + "self_attn." + one + "_proj.bias", new long[] {8});
    }
    shapes.put(layer + "self_attn_layer_norm.weight", new long[] {8});
    shapes.put(layer + "fc1.weight", new long[] {12, 8});
    shapes.put(layer + "fc2.weight", new long[] {8, 12});
    shapes.put(layer + "final_layer_norm.bias", new long[] {8});
  }
}
