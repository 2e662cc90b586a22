package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.eval.Distance;
import org.duovox.eval.Pooling;
import org.duovox.io.Present;
import org.duovox.model.embed.EmbedConfig.Channel;
import org.duovox.recipe.Recipe.ModelSystem;

/// Settings of the evaluation `words`: do the vectors of spoken words tell which words mean alike?
/// Layer and channel of a model are chosen on `dev` and scored once on `test`.
///
/// @param root folder with `dev` and `test`, each in the ZeroSpeech 2021 semantic layout; without
///   `test` the scores are those of `dev`
/// @param layers to choose from, 0 is the input of the first; empty: all
/// @param channels to choose from, as far as a model has them; empty: all
/// @param metric distance of two vectors
/// @param pooling how the states of a word become one vector
/// @param centered whether the mean vector of each voice is taken off
/// @param similar share of the highest gold similarity (of a group of pairs) from which two words
///   count as alike, for the area under the ROC curve
/// @param test whether `test` is scored where there is one; false while settings are still chosen
public record WordsConfig(
    String root,
    List<Integer> layers,
    List<Channel> channels,
    String metric,
    String pooling,
    boolean centered,
    double similar,
    boolean test) {

  /// A choice: which states of a model stand for a word. Of `raw`, the channel names what is pooled
  /// and the layer is 0.
  public record Setting(String channel, int layer) {
    public Setting {
      Present.require("channel", channel);
    }

    /// Returns the setting in words.
    public String text() {
      return channel.contains(" ") ? channel : channel + " layer " + layer;
    }
  }

  public WordsConfig {
    layers = layers == null ? List.of() : List.copyOf(layers);
    channels = channels == null ? List.of() : List.copyOf(channels);
    if (metric == null || pooling == null) {
      throw DuovoxException.config("words: metric and pooling must be named");
    }
    metric = Distance.of(metric).label(); // Refuses names that there are not.
    pooling = Pooling.of(pooling).label();
    if (layers.stream().anyMatch(layer -> layer < 0)) {
      throw DuovoxException.config("words: layers must be 0 or more, but are " + layers);
    }
    if (!(similar > 0 && similar <= 1)) {
      throw DuovoxException.config(
          "words: similar must be above 0 and at most 1, but is " + similar);
    }
  }

  /// Returns cosine distance of centered mean-pooled states, all layers and channels.
  public static WordsConfig defaults() {
    return new WordsConfig(null, List.of(), List.of(), "cosine", "mean", true, 0.5, true);
  }

  /// Refuses a set whose tables do not fit each other, or whose words have no recordings.
  ///
  /// @return the folder of the part that is scored last: `test`, or `dev` where no test is scored
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA) with file, and line where there is one
  public Path requireWords(DataConfig data) {
    Path dev = Path.of(root).resolve("dev");
    WordMeaning.manifest(dev, data);
    if (!hasTest()) {
      return dev;
    }
    Path test = Path.of(root).resolve("test");
    WordMeaning.manifest(test, data);
    return test;
  }

  boolean hasTest() {
    return test && Files.isDirectory(Path.of(root).resolve("test"));
  }

  WordsConfig withRoot(String newRoot) {
    return new WordsConfig(newRoot, layers, channels, metric, pooling, centered, similar, test);
  }

  /// Returns what is tried on dev for a system, in a fixed order.
  ///
  /// @param depth layers of the model
  List<Setting> settings(ModelSystem system, int depth) {
    if (system == ModelSystem.RAW) {
      return RawVectors.SETTINGS;
    }
    List<Integer> tried =
        layers.isEmpty() ? IntStream.rangeClosed(0, depth).boxed().toList() : layers;
    EnumSet<Channel> all =
        system.bothChannels() ? EnumSet.allOf(Channel.class) : EnumSet.of(Channel.CONTEXTUAL);
    List<Channel> wanted =
        all.stream().filter(c -> channels.isEmpty() || channels.contains(c)).toList();
    // A model of one stream has one channel, whatever was asked for.
    return (wanted.isEmpty() ? List.copyOf(all) : wanted)
        .stream()
            .flatMap(channel ->
                tried.stream()
                    .filter(layer -> layer <= depth)
                    .map(layer -> new Setting(channel.name().toLowerCase(Locale.ROOT), layer)))
            .toList();
  }
}
