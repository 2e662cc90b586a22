package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.internal.Device;
import org.duovox.model.UnitModel;
import org.duovox.model.embed.EmbedConfig;
import org.duovox.model.embed.Embedder;
import org.duovox.model.embed.Embedder.Embedding;
import org.duovox.model.embed.EmbeddingFiles;
import org.duovox.report.Wording;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.UnitUtterance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox embed`: writes a model's hidden states for every utterance of a corpus.
@Command(
    name = "embed",
    description = "Writes the hidden states of a model for every utterance of a corpus.",
    footer = {
      "  duovox embed --model run/ --corpus corpus/ --channel both --layer -1 --out embeddings/",
      "  duovox embed --model run/ --corpus corpus/ --format safetensors --out embeddings/",
      "  duovox embed --model run/ --corpus corpus/ --layer 2,3,4 --out embeddings/"
    })
public final class EmbedCommand extends Verb {
  /// Format of the output.
  enum Format {
    ZEROSPEECH,
    NPY,
    SAFETENSORS
  }

  @Option(
      names = "--model",
      required = true,
      paramLabel = "RUN",
      description = "Folder that 'duovox pretrain' wrote.")
  private Path model;

  @Option(
      names = "--corpus",
      required = true,
      paramLabel = "CORPUS",
      description = "Corpus of 'duovox align'.")
  private Path corpus;

  @Option(
      names = "--channel",
      paramLabel = "NAME",
      defaultValue = "contextual",
      description = "contextual, phonetic, or both side by side. Default: ${DEFAULT-VALUE}.")
  private EmbedConfig.Channel channel;

  @Option(
      names = "--layer",
      paramLabel = "N",
      split = ",",
      defaultValue = "-1",
      description =
          "0: input of the first layer, i: output of layer i, -1: the last; several, such as 2,3,4:"
              + " their mean. Default: ${DEFAULT-VALUE}.")
  private List<Integer> layers;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "zerospeech",
      description = {
        "zerospeech: ID.txt per utterance, one row per token; npy: ID.npy, float64; safetensors:"
            + " one file. Default: ${DEFAULT-VALUE}."
      })
  private Format format;

  @Option(names = "--no-special", description = "Leave the rows of CLS and SEP out.")
  private boolean noSpecial;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Utterances computed together. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Mixin private DeviceOption deviceOption;

  private record Result(
      String out, String format, int utterances, long rows, int width, double xRealTime)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "wrote %s (%s): %s, %,d rows of %d values, %.0f x real time",
              out, format, Wording.count(utterances, "utterance"), rows, width, xRealTime));
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    Device device = deviceOption.ready();
    EmbedConfig config =
        new EmbedConfig(
            layers.getFirst(),
            channel,
            !noSpecial,
            batchSize,
            layers.size() > 1 ? layers : List.of());
    Corpus units = Corpus.open(corpus);
    Stopwatch stopwatch = new Stopwatch();
    try (UnitModel unitModel = UnitModel.load(model, device);
        Progress progress = progress("embed", units.size(), "utterances")) {
      Counter counter = new Counter(progress, units.size());
      Embedder embedder = new Embedder(unitModel, config);
      switch (format) {
        case ZEROSPEECH -> EmbeddingFiles.writeZeroSpeech(embedder, units, out, counter);
        case NPY -> EmbeddingFiles.writeNpy(embedder, units, out, counter);
        case SAFETENSORS -> EmbeddingFiles.writeSafetensors(embedder, config, units, out, counter);
      }
      double seconds =
          units.utterances().stream().mapToLong(UnitUtterance::samples).sum()
              / (double) UtteranceInfo.SAMPLE_RATE;
      return new Result(
          out.toString(),
          Wording.optionName(format),
          counter.done,
          counter.rows,
          counter.width,
          stopwatch.xRealTime(seconds));
    }
  }

  /// Counts utterances and rows as they are written.
  private static final class Counter implements Consumer<Embedding> {
    private final Progress progress;
    private final int total;
    private int done;
    private long rows;
    private int width;

    Counter(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    @Override
    public void accept(Embedding embedding) {
      rows += embedding.rows();
      width = embedding.width();
      progress.update(++done, total, "");
    }
  }
}
