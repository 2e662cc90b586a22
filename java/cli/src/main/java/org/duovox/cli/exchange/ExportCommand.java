package org.duovox.cli.exchange;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.exchange.FeatureExport;
import org.duovox.exchange.UnitExport;
import org.duovox.report.Wording;
import org.duovox.train.hub.ModelExport;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import org.duovox.units.sets.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `duovox export`: writes a unit set, a feature folder or a model in the format of another
/// toolkit.
@Command(
    name = "export",
    description = {
      "Writes a unit set, the features of a layer or a model in the format of another toolkit.",
      "",
      "A model (--model, without --format) becomes a folder as the Hugging Face Hub has it:"
          + " config.json,",
      "model.safetensors and a model card, README.md. --model of any verb reads it.",
      "",
      "fairseq     units: a folder with SPLIT.tsv, SPLIT.km, dict.km.txt; ids, order, units, sample",
      "            counts and vocabulary are kept, other fields are not.",
      "            features: a folder with SPLIT_RANK_SHARDS.npy, .len and SPLIT.tsv.",
      "zerospeech  name<TAB>u,u,u: ids, order, units; re-indexed codes become those they were.",
      "jsonl       everything of an utterance, but not the vocabulary; --merge writes runs with",
      "            durations.",
      "gslm        name|u u u: ids, order and units.",
      "npy         features: a folder with ID.npy per utterance and SPLIT.tsv.",
      "",
      "No format keeps encoder, layer, frame times and codebook: note them. Utterances without a"
          + " frame are left out of units and named."
    },
    footer = {
      "  duovox export --units units/ --format fairseq --out labels/ --split train",
      "  duovox export --units units/ --format jsonl --merge --out units.jsonl",
      "  duovox export --features features/ --layer block2 --format fairseq --shards 2 --out npy/",
      "  duovox export --model run/ --out my-model/ --license apache-2.0"
    })
public final class ExportCommand extends Verb {
  @Option(names = "--units", paramLabel = "UNITS", description = "Unit set to export.")
  private Path units;

  @Option(names = "--features", paramLabel = "DIR", description = "Feature folder to export.")
  private Path features;

  @Option(names = "--model", paramLabel = "RUN", description = "Run or model to export.")
  private Path model;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the model in its card. Default: that of the folder --out.")
  private String name;

  @Option(
      names = "--license",
      paramLabel = "ID",
      defaultValue = "unknown",
      description =
          "License of the model as the Hub names it, such as apache-2.0. Default: ${DEFAULT-VALUE}.")
  private String license;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "Layer of the features. Default: the only one.")
  private String layer;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "fairseq, zerospeech, jsonl, gslm or npy; not for a model.")
  private ExchangeFormat format;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "Folder (fairseq, npy, a model) or file (the others) to write.")
  private Path out;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "train",
      description = "Name of fairseq files. Default: ${DEFAULT-VALUE}.")
  private String split;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "First line of the .tsv: the folder of the audio. Default: as imported, or '.'.")
  private String root;

  @Option(
      names = "--extension",
      paramLabel = "EXT",
      defaultValue = ".wav",
      description = "Ending of audio files whose path is not known. Default: ${DEFAULT-VALUE}.")
  private String extension;

  @Option(names = "--merge", description = "jsonl: runs of equal units, with durations.")
  private boolean merge;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description = "fairseq features: number of shards. Default: ${DEFAULT-VALUE}.")
  private int shards;

  private record Result(
      String out, String format, int utterances, long frames, List<String> leftOut)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "wrote %s (%s): %s, %,d frames",
              out, format, Wording.count(utterances, "utterance"), frames));
      Summary.printSkipped(writer, leftOut, id -> id, id -> "has no frame");
    }
  }

  private record ModelResult(String out, String name, String license, long parameters)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(Wording.format("wrote %s: %s, %,d parameters", out, name, parameters));
      if (license.equals("unknown")) {
        writer.println("its card says that the license is unknown; name it with --license");
      }
    }
  }

  @Override
  public List<Output> outputs() {
    boolean folder =
        model != null || format == ExchangeFormat.FAIRSEQ || format == ExchangeFormat.NPY;
    return Output.refusing(folder ? Form.FOLDER : Form.FILE, out);
  }

  @Override
  protected Object execute() {
    if (model != null) {
      return exportModel();
    }
    return units != null ? exportUnits() : exportFeatures();
  }

  private ModelResult exportModel() {
    if (!license.matches("[A-Za-z0-9][A-Za-z0-9.+-]*")) {
      throw DuovoxException.usage("--license: an identifier such as apache-2.0");
    }
    String title = name == null ? out.toAbsolutePath().normalize().getFileName().toString() : name;
    ModelExport.Result result = ModelExport.write(model, out, title, license);
    return new ModelResult(out.toString(), title, license, result.parameters());
  }

  private Result exportUnits() {
    UnitSet set = UnitSet.open(units);
    UnitExport export = new UnitExport(set);
    switch (format) {
      case FAIRSEQ -> export.fairseq(out, split, root, extension);
      case ZEROSPEECH -> export.zeroSpeech(out);
      case JSONL -> export.jsonl(out, merge);
      case GSLM -> export.gslm(out);
      case NPY ->
          throw DuovoxException.usage("npy is for --features; units go as fairseq or jsonl");
    }
    return new Result(
        out.toString(),
        Wording.optionName(format),
        export.utterances(),
        set.manifest().frames(),
        export.empty());
  }

  private Result exportFeatures() {
    try (FeatureLayer frames = StoredFeatures.open(features, layer)) {
      FeatureExport export = new FeatureExport(frames, split, root == null ? "." : root, extension);
      switch (format) {
        case FAIRSEQ -> export.shards(out, shards);
        case NPY -> export.folder(out);
        default ->
            throw DuovoxException.usage(
                "features go as fairseq or npy; the other formats are units");
      }
      return new Result(
          out.toString(),
          Wording.optionName(format),
          frames.utterances().size(),
          frames.utterances().stream().mapToLong(u -> u.frames()).sum(),
          List.of());
    }
  }

  @Override
  protected void checkOptions() {
    if (Stream.of(units, features, model).filter(Objects::nonNull).count() != 1) {
      throw DuovoxException.usage("give one of --units, --features and --model");
    }
    if ((format == null) != (model != null)) {
      throw DuovoxException.usage(
          model == null
              ? "name the --format: fairseq, zerospeech, jsonl, gslm or npy"
              : "--format is for units and features; leave it out with --model");
    }
    if (merge && format != ExchangeFormat.JSONL) {
      throw DuovoxException.usage("--merge goes with --format jsonl; the others have no durations");
    }
    if (!split.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw DuovoxException.usage("--split: letters, digits, '.', '_' and '-' only");
    }
    if (shards < 1 || shards > 100_000) {
      throw DuovoxException.usage("--shards must be 1 to 100000");
    }
    if (root != null && (root.isBlank() || root.matches("(?s).*[\\t\\n\\r].*"))) {
      throw DuovoxException.usage("--root: a path on one line");
    }
    if (!extension.matches("(\\.[A-Za-z0-9]+)?")) {
      throw DuovoxException.usage("--extension: such as .wav or .flac");
    }
  }
}
