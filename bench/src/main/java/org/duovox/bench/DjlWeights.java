package org.duovox.bench;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import java.nio.FloatBuffer;
import java.util.Locale;
import org.duovox.io.tensors.SafetensorsFile;

/// Puts Duovox's initial parameters into the blocks of DJL.
record DjlWeights(DjlModel model, SafetensorsFile file) {
  void load() {
    model.tables().forEach((name, table) -> set(table, name + ".weight"));
    model.blocks().forEach(this::load);
  }

  private void load(String name, Block block) {
    block
        .getDirectParameters()
        .forEach(entry -> set(entry.getValue(), name + "." + suffix(block, entry.getKey())));
  }

  private static String suffix(Block block, String parameter) {
    if (block instanceof LayerNorm) {
      return parameter.equals("gamma") ? "weight" : "bias";
    }
    if (block instanceof GRU) { // such as l_i2h_0_WEIGHT
      String part = parameter.contains("i2h") ? "input" : "hidden";
      return part + (parameter.toLowerCase(Locale.ROOT).endsWith("bias") ? ".bias" : ".weight");
    }
    return parameter;
  }

  private void set(Parameter parameter, String name) {
    float[] values = file.floats(name);
    if (values.length != parameter.getArray().size()) {
      throw new IllegalStateException(
          "%s: %d values for a shape of %s"
              .formatted(name, values.length, parameter.getArray().getShape()));
    }
    parameter.getArray().set(FloatBuffer.wrap(values));
  }
}
