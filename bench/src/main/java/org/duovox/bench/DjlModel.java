package org.duovox.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.Map;

/// The model of docs/model.md in DJL's own blocks, as its user would write it.
///
/// DJL's TransformerEncoderBlock is not used: it normalizes batches where BERT has a LayerNorm. Its
/// bidirectional GRU hands libtorch the biases in the wrong order and fails, so two GRUs run here.
/// Heads run at the positions that have a loss. Inputs: contextual (B, T), phonetic (B, P), start
/// (B, T), end (B, T), positions with a loss as one-hot rows' indices (N) into B x T.
final class DjlModel extends AbstractBlock {
  private final Case size;
  private final Map<String, Block> blocks = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, Parameter> tables = new LinkedHashMap<>();

  DjlModel(Case size) {
    this.size = size;
    int hidden = size.hidden();
    table("contextual.embedding.unit", Case.CODES + 4, hidden);
    table("contextual.embedding.position", size.positions(), hidden);
    norm("contextual.embedding.norm");
    add("dropout", Dropout.builder().optRate((float) size.dropout()).build(), new Shape(1, hidden));
    if (size.dual()) {
      table("phonetic.embedding.unit", Case.PHONES + 2, size.phoneticEmbedding());
      gru("phonetic.embedding.gru.forward");
      gru("phonetic.embedding.gru.backward");
    }
    for (int i = 0; i < size.layers(); i++) {
      layer("contextual.layer." + i);
      if (size.dual()) {
        layer("phonetic.layer." + i);
        interaction("interaction." + i);
      }
    }
    head("heads.mcp", Case.CODES);
    head("heads.mcr", Case.CODEBOOK_WIDTH);
  }

  /// Blocks by the name that Duovox gives to their parameters.
  Map<String, Block> blocks() {
    return blocks;
  }

  /// Tables of embeddings by Duovox's name.
  Map<String, Parameter> tables() {
    return tables;
  }

  private void table(String name, long rows, long width) {
    Parameter table =
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.WEIGHT)
            .optShape(new Shape(rows, width))
            .optInitializer(new NormalInitializer(0.02f))
            .build();
    tables.put(name, addParameter(table));
  }

  private void add(String name, Block block, Shape input) {
    blocks.put(name, addChildBlock(name, block));
    shapes.put(name, input);
  }

  private void linear(String name, int from, int to) {
    add(name, Linear.builder().setUnits(to).build(), new Shape(1, from));
  }

  private void norm(String name) {
    add(
        name,
        LayerNorm.builder().optEpsilon((float) Case.EPSILON).build(),
        new Shape(1, size.hidden()));
  }

  private void gru(String name) {
    GRU gru =
        GRU.builder().setStateSize(size.hidden() / 4).setNumLayers(1).optBatchFirst(true).build();
    add(name, gru, new Shape(1, 2, size.phoneticEmbedding()));
  }

  private void layer(String name) {
    int hidden = size.hidden();
    linear(name + ".attention.qkv", hidden, 3 * hidden);
    linear(name + ".attention.output", hidden, hidden);
    norm(name + ".attention.norm");
    linear(name + ".feed_forward.input", hidden, size.feedForward());
    linear(name + ".feed_forward.output", size.feedForward(), hidden);
    norm(name + ".feed_forward.norm");
  }

  private void interaction(String name) {
    int hidden = size.hidden();
    for (String channel : new String[] {".contextual", ".phonetic"}) {
      linear(name + channel + ".input", hidden, hidden);
      linear(name + channel + ".output", 2 * hidden, hidden);
      norm(name + channel + ".norm");
    }
    Conv1d conv =
        Conv1d.builder()
            .setFilters(2 * hidden)
            .setKernelShape(new Shape(3))
            .optPadding(new Shape(1))
            .build();
    add(name + ".convolution", conv, new Shape(1, 2 * hidden, 3));
  }

  private void head(String name, int to) {
    linear(name + ".dense", size.dual() ? 2 * size.hidden() : size.hidden(), size.hidden());
    norm(name + ".norm");
    linear(name + ".output", size.hidden(), to);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    blocks.forEach((name, block) -> block.initialize(manager, type, shapes.get(name)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    long count = inputs[4].get(0);
    return new Shape[] {new Shape(count, Case.CODES), new Shape(count, Case.CODEBOOK_WIDTH)};
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    return new Pass(store, training).run(inputs);
  }

  /// One forward pass.
  private final class Pass {
    private final ParameterStore store;
    private final boolean training;

    Pass(ParameterStore store, boolean training) {
      this.store = store;
      this.training = training;
    }

    NDList run(NDList in) {
      NDArray words = words(in.get(0)); // (B, T, H)
      NDArray phones = size.dual() ? phones(in.get(1), in.get(2), in.get(3)) : null; // (B, T, H)
      for (int i = 0; i < size.layers(); i++) {
        words = layer("contextual.layer." + i, words);
        if (size.dual()) {
          phones = layer("phonetic.layer." + i, phones);
          NDList both = interact("interaction." + i, words, phones);
          words = both.get(0);
          phones = both.get(1);
        }
      }
      NDArray read = size.dual() ? words.concat(phones, 2) : words;
      NDArray rows = read.reshape(-1, read.getShape().get(2)); // (B x T, H or 2 H)
      NDArray index = in.get(4).expandDims(1).broadcast(in.get(4).size(), rows.getShape().get(1));
      NDArray targets = rows.gather(index, 0); // (N, H or 2 H)
      return new NDList(head("heads.mcp", targets), head("heads.mcr", targets));
    }

    private NDArray apply(String name, NDArray x) {
      return blocks.get(name).forward(store, new NDList(x), training).head();
    }

    private NDArray lookUp(String table, NDArray ids) {
      NDArray weights = store.getValue(tables.get(table), ids.getDevice(), training);
      return ids.getNDArrayInternal()
          .embedding(ids, weights, ai.djl.ndarray.types.SparseFormat.DENSE)
          .head();
    }

    private NDArray words(NDArray ids) {
      NDArray place = ids.getManager().arange(0, (int) ids.getShape().get(1), 1, DataType.INT64);
      NDArray sum =
          lookUp("contextual.embedding.unit", ids)
              .add(lookUp("contextual.embedding.position", place));
      return apply("dropout", apply("contextual.embedding.norm", sum));
    }

    private NDArray phones(NDArray ids, NDArray start, NDArray end) {
      // The unit of CLS and SEP is padding: its vector is zero and stays so.
      NDArray real = ids.neq(Case.PHONES).toType(DataType.FLOAT32, false).expandDims(2);
      NDArray units = lookUp("phonetic.embedding.unit", ids).mul(real); // (B, P, E)
      NDArray onward = apply("phonetic.embedding.gru.forward", units); // (B, P, H / 4)
      NDArray back = apply("phonetic.embedding.gru.backward", units.flip(1)).flip(1);
      NDArray states = onward.concat(back, 2); // (B, P, H / 2)
      Shape shape = new Shape(start.getShape().get(0), start.getShape().get(1), size.hidden() / 2);
      NDArray first = states.gather(start.expandDims(2).broadcast(shape), 1); // (B, T, H / 2)
      NDArray last = states.gather(end.expandDims(2).broadcast(shape), 1); // (B, T, H / 2)
      return first.concat(last, 2);
    }

    private NDArray layer(String name, NDArray x) {
      NDArray mixed = apply("dropout", attend(name + ".attention", x));
      NDArray y = apply(name + ".attention.norm", x.add(mixed));
      NDArray inner = Activation.gelu(apply(name + ".feed_forward.input", y));
      NDArray outer = apply("dropout", apply(name + ".feed_forward.output", inner));
      return apply(name + ".feed_forward.norm", y.add(outer));
    }

    private NDArray attend(String name, NDArray x) {
      long rows = x.getShape().get(0);
      long length = x.getShape().get(1);
      int width = size.hidden() / size.heads();
      NDList parts = apply(name + ".qkv", x).split(3, 2); // each (B, T, H)
      NDArray[] heads = new NDArray[3]; // each (B, heads, T, H / heads)
      for (int i = 0; i < 3; i++) {
        heads[i] = parts.get(i).reshape(rows, length, size.heads(), width).transpose(0, 2, 1, 3);
      }
      NDArray scores = heads[0].matMul(heads[1].swapAxes(2, 3)).mul(1 / Math.sqrt(width));
      NDArray values = apply("dropout", scores.softmax(-1)).matMul(heads[2]);
      return apply(
          name + ".output", values.transpose(0, 2, 1, 3).reshape(rows, length, size.hidden()));
    }

    private NDList interact(String name, NDArray words, NDArray phones) {
      NDArray both =
          NDArrays.concat(
              new NDList(
                  apply(name + ".contextual.input", words),
                  apply(name + ".phonetic.input", phones)),
              2); // (B, T, 2 H)
      NDArray mixed =
          apply(name + ".convolution", both.transpose(0, 2, 1)).transpose(0, 2, 1).tanh();
      NDList out = new NDList();
      out.add(merge(name + ".contextual", words, mixed));
      out.add(merge(name + ".phonetic", phones, mixed));
      return out;
    }

    private NDArray merge(String name, NDArray x, NDArray mixed) {
      return apply(name + ".norm", x.add(Activation.gelu(apply(name + ".output", mixed))));
    }

    private NDArray head(String name, NDArray x) {
      return apply(
          name + ".output", apply(name + ".norm", Activation.gelu(apply(name + ".dense", x))));
    }
  }
}
