package org.duovox.slu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelConfig.SequencePooling;
import org.duovox.model.embed.EmbedConfig.Channel;

/// Settings of a [LayerProbe]; every default is ours.
///
/// @param layers that are mixed: `all`, or numbers with commas, 0 the input of the first layer; all
/// @param channel of the model: contextual, phonetic or both side by side; by default both where
///   the model has two
/// @param pooling of the tokens: mean, max, cls
/// @param epochs passes over the training utterances; 50
/// @param minSteps least number of steps, for few utterances; 300
/// @param batchSize 32
/// @param learningRate 1e-2, decaying linearly to 0
/// @param weightDecay 0.01
/// @param balance whether every class of a column weighs the same in the loss, however rare; false
/// @param seed of the order
public record ProbeConfig(
    String layers,
    Channel channel,
    SequencePooling pooling,
    int epochs,
    int minSteps,
    int batchSize,
    double learningRate,
    double weightDecay,
    boolean balance,
    long seed) {
  /// The name of all layers together.
  public static final String ALL = "all";

  public ProbeConfig {
    require(epochs >= 1 && epochs <= 100_000, "epochs must be 1 to 100000");
    require(minSteps >= 1 && minSteps <= 1_000_000, "min_steps must be 1 to 1000000");
    require(batchSize >= 1 && batchSize <= 65_536, "batch_size must be 1 to 65536");
    require(learningRate > 0 && learningRate <= 1, "learning_rate must be above 0 and at most 1");
    require(weightDecay >= 0 && weightDecay <= 1000, "weight_decay must be 0 to 1000");
    require(layers != null && !layers.isBlank(), "layers must be 'all' or numbers with commas");
  }

  /// Returns the documented defaults.
  public static ProbeConfig defaults() {
    return new Draft().done();
  }

  /// Returns these settings with some changed, e.g. `with(draft -> draft.seed = 1)`.
  public ProbeConfig with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.layers = layers;
    draft.channel = channel;
    draft.pooling = pooling;
    draft.epochs = epochs;
    draft.minSteps = minSteps;
    draft.batchSize = batchSize;
    draft.learningRate = learningRate;
    draft.weightDecay = weightDecay;
    draft.balance = balance;
    draft.seed = seed;
    change.accept(draft);
    return draft.done();
  }

  /// Returns the numbers of the layers of a model of this shape.
  ///
  /// @throws DuovoxException (BAD_CONFIG) for a layer that it does not have
  List<Integer> layersOf(ModelConfig model) {
    if (layers.equals(ALL)) {
      return IntStream.rangeClosed(0, model.layers()).boxed().toList();
    }
    List<Integer> numbers = new ArrayList<>();
    for (String text : layers.split(",", -1)) {
      require(
          text.strip().matches("-1|\\d{1,6}"),
          "layers must be 'all' or numbers with commas, not '" + layers + "'");
      int number = Integer.parseInt(text.strip());
      int layer = number < 0 ? model.layers() : number;
      require(
          layer <= model.layers() && !numbers.contains(layer),
          "layers must each be -1 (last) to %d, once, not '%s'".formatted(model.layers(), layers));
      numbers.add(layer);
    }
    return numbers;
  }

  /// Returns the channel of a model of this shape.
  Channel channelOf(ModelConfig model) {
    Channel all = model.bothStreams() ? Channel.BOTH : Channel.CONTEXTUAL;
    return channel == null ? all : channel;
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw DuovoxException.config("probe: " + rule);
    }
  }

  /// Settings while some of them change. Begins with the defaults. The fields are open because a
  /// draft lives within one expression.
  public static final class Draft {
    public String layers = ALL;
    public Channel channel;
    public SequencePooling pooling = SequencePooling.MEAN;
    public int epochs = 50;
    public int minSteps = 300;
    public int batchSize = 32;
    public double learningRate = 1e-2;
    public double weightDecay = 0.01;
    public boolean balance;
    public long seed;

    private ProbeConfig done() {
      return new ProbeConfig(
          layers,
          channel,
          pooling,
          epochs,
          minSteps,
          batchSize,
          learningRate,
          weightDecay,
          balance,
          seed);
    }
  }
}
