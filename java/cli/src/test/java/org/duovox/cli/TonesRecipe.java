package org.duovox.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A recipe on two folds of synthetic tones, with words to compare.
public final class TonesRecipe {
  private static final int TAKES = 6;

  private static final String RECIPE =
      """
      name: tones
      title: Melodies of two instruments, one held out at a time
      seed: 1
      threads: 1
      data:
        root: audio
        manifest: tones.jsonl
        label: melody
        split: {hold_out: instrument}
        shifts_ms: [5]
      representations:
        contextual: {encoder: logmel, layer: logmel}
        phonetic: {encoder: logmel, layer: logmel}
      quantizers:
        contextual: {clusters: 8}
        phonetic: {clusters: 4}
      align: {}
      model: {layers: 1, hidden: 16, heads: 2, feed_forward: 32, max_positions: 128, phonetic_embedding: 8}
      pretrain: {steps: 4, batch_size: 4, validation_fraction: 0.3, mcr_weight: 0}
      systems: [dual]
      evaluations:
        probe: {mode: probe, steps: 3, batch_size: 4}
        ssimi: {root: words}
      """;

  private TonesRecipe() {}

  /// Writes `recipe.yaml` and its data into a folder.
  public static void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    manifest(folder, "high", "low");
    Path words = Files.createDirectories(folder.resolve("words/synthetic"));
    List<String> gold = new ArrayList<>(List.of("type,filename,voice,word"));
    for (String word : List.of("rise0", "rise1", "fall0", "fall1")) {
      Files.copy(folder.resolve("audio").resolve(word + ".wav"), words.resolve(word + ".wav"));
      gold.add("synthetic,%s,v,%s".formatted(word, word));
    }
    Files.write(folder.resolve("words/gold.csv"), gold);
    Files.writeString(
        folder.resolve("words/pairs.csv"),
        """
        type,dataset,word_1,word_2,similarity,relatedness
        synthetic,tones,rise0,rise1,9,9
        synthetic,tones,fall0,fall1,8,8
        synthetic,tones,rise0,fall0,2,2
        synthetic,tones,rise1,fall1,1,1
        """);
  }

  /// Melodies of two instruments, in turn.
  public static void manifest(Path folder, String first, String second) throws IOException {
    Path audio = Files.createDirectories(folder.resolve("audio"));
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Melodies.write(audio, TAKES))) {
      String instrument = lines.size() / 2 % 2 == 0 ? first : second;
      if (!line.contains("broken")) {
        lines.add(
            line.replace("\"split\"", "\"instrument\": \"%s\", \"split\"".formatted(instrument)));
      }
    }
    Files.write(audio.resolve("tones.jsonl"), lines);
  }
}
