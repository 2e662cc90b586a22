package org.duovox.cli.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.DuovoxException;
import org.duovox.cli.console.ManifestPathOptions;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.exchange.EncoderTimes;
import org.duovox.exchange.FairseqTsv;
import org.duovox.exchange.FairseqUnits;
import org.duovox.exchange.GslmUnits;
import org.duovox.exchange.JsonlUnits;
import org.duovox.exchange.NpyFeatures;
import org.duovox.exchange.UnitImport;
import org.duovox.exchange.UnitReader;
import org.duovox.exchange.ZeroSpeechUnits;
import org.duovox.io.TextLines;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;
import org.duovox.units.StreamLength;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox import`: turns units or features of another toolkit into a unit set or a feature folder.
@Command(
    name = "import",
    description = {
      "Turns units or features of another toolkit into a unit set or a feature folder.",
      "",
      "fairseq     FILE.km with --tsv (and --dict): a unit set; several .km in order of their shards.",
      "            SPLIT_RANK_SHARDS.npy ... with --tsv and .len beside: a feature folder.",
      "zerospeech  quantized_outputs.txt: name<TAB>u,u,u; codes of several groups (12-34) are",
      "            re-indexed to those that occur, the manifest keeps them.",
      "jsonl       objects with id or file_name, units, and durations where units are merged.",
      "gslm        name|u u u per line.",
      "npy         a folder of ID.npy files (frames, width): a feature folder.",
      "",
      "No format knows encoder, layer and frame times: name the encoder, or give the times. Sample"
          + " counts come from a .tsv or JSONL; without them lengths cannot be checked."
    },
    footer = {
      "  duovox import train.km --tsv train.tsv --encoder hubert --layer hidden_state_6 --out units/",
      "  duovox import quantized_outputs.txt --encoder cpc --layer context_level_2 --out units/",
      "  duovox import units.jsonl --interval-ms 40 --offset-ms 20 --out units/",
      "  duovox import --format fairseq t_0_2.npy t_1_2.npy --tsv t.tsv --encoder hubert --out f/"
    })
public final class ImportCommand extends Verb {
  @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "What to import.")
  private List<Path> sources;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "fairseq, zerospeech, jsonl, gslm or npy. Default: by the name of the source, where it"
              + " tells.")
  private ExchangeFormat format;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--tsv",
      paramLabel = "FILE",
      description =
          "fairseq manifest: names the utterances of fairseq files; for the others, their lengths.")
  private Path tsv;

  @Option(
      names = "--dict",
      paramLabel = "FILE",
      description = "fairseq dictionary of units, dict.km.txt.")
  private Path dict;

  @Option(
      names = "--codebook",
      paramLabel = "FILE",
      description =
          "Codebook that the units were made with (.safetensors). Without it: no MCR objective and"
              + " no unit_embedding 'codebook'.")
  private Path codebook;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description =
          "Number of codes. Default: of the codebook, the dictionary, or the largest unit + 1.")
  private Integer vocabulary;

  @Option(
      names = "--encoder",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Encoder, for provenance; hubert, wav2vec2, data2vec-audio, wavlm, cpc and resdavenet_vq"
              + " imply the frame times.")
  private String encoder;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Layer, for provenance, e.g. hidden_state_6, context_level_2, quant3.codes.")
  private String layer;

  @Mixin private ManifestPathOptions paths;

  @Option(names = "--interval-ms", paramLabel = "X", description = "Milliseconds between frames.")
  private Double intervalMs;

  @Option(
      names = "--offset-ms",
      paramLabel = "X",
      description = "Centre of frame 0. Default: of the encoder, else half an interval.")
  private Double offsetMs;

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    ExchangeFormat kind = format == null ? ExchangeFormat.of(sources.getFirst()) : format;
    EncoderTimes times = times();
    boolean arrays = sources.getFirst().toString().endsWith(".npy");
    if (kind == ExchangeFormat.NPY || (kind == ExchangeFormat.FAIRSEQ && arrays)) {
      return features(kind, times);
    }
    if (sources.size() > 1 && kind != ExchangeFormat.FAIRSEQ) {
      throw DuovoxException.usage("one SOURCE only; several are read as shards of fairseq");
    }
    StreamInfo stream =
        new StreamInfo(
            encoder, layer, "", "", StreamLength.IMPORTED, times.intervalMs(), times.offsetMs());
    requireVocabulary();
    UnitSet set =
        UnitImport.run(
            reader(kind),
            stream,
            vocabulary == null ? OptionalInt.empty() : OptionalInt.of(vocabulary),
            Optional.ofNullable(codebook).map(Codebook::read),
            out);
    return ImportSummary.Units.of(out, kind, set);
  }

  private void requireVocabulary() {
    int most = UnitManifest.MOST_CODES;
    if (vocabulary != null && (vocabulary < 1 || vocabulary > most)) {
      throw DuovoxException.usage(
          "--vocabulary must be 1 to %d, but is %d".formatted(most, vocabulary));
    }
  }

  private UnitReader reader(ExchangeFormat kind) {
    Path source = sources.getFirst();
    if (dict != null && kind != ExchangeFormat.FAIRSEQ) {
      throw DuovoxException.usage("--dict goes with fairseq only");
    }
    return switch (kind) {
      case FAIRSEQ ->
          new FairseqUnits(
              FairseqTsv.read(requireTsv(), TextLines.End.EXPECTED, paths.rules()),
              sources,
              dict,
              TextLines.End.EXPECTED);
      case ZEROSPEECH -> new ZeroSpeechUnits(source, lengths(), TextLines.End.EXPECTED);
      case GSLM -> new GslmUnits(source, lengths(), TextLines.End.EXPECTED);
      case JSONL -> {
        if (tsv != null) {
          throw DuovoxException.usage("--tsv does not go with jsonl, whose lines have 'samples'");
        }
        yield new JsonlUnits(source, paths.rules());
      }
      case NPY -> throw new IllegalStateException("features are no units");
    };
  }

  private ImportSummary.Features features(ExchangeFormat kind, EncoderTimes times) {
    if (dict != null || codebook != null || vocabulary != null) {
      throw DuovoxException.usage("--dict, --codebook and --vocabulary are for units");
    }
    String name = layer.isEmpty() ? "features" : layer;
    if (name.indexOf('/') >= 0) {
      throw DuovoxException.usage("--layer: a name without '/'");
    }
    NpyFeatures.Origin origin =
        new NpyFeatures.Origin(encoder, name, times.intervalMs(), times.offsetMs());
    FeatureManifest manifest;
    if (kind == ExchangeFormat.FAIRSEQ) {
      FairseqTsv rows = FairseqTsv.read(requireTsv(), TextLines.End.EXPECTED, paths.rules());
      manifest = NpyFeatures.shards(sources, rows, TextLines.End.EXPECTED, origin, out);
    } else {
      if (sources.size() > 1 || !Files.isDirectory(sources.getFirst())) {
        throw DuovoxException.usage("--format npy: name one folder of ID.npy files");
      }
      FairseqTsv rows = lengths();
      Map<String, Long> samples = rows == null ? Map.of() : rows.lengths();
      manifest = NpyFeatures.folder(sources.getFirst(), samples, origin, out);
    }
    return ImportSummary.Features.of(out, kind, manifest);
  }

  private EncoderTimes times() {
    Optional<EncoderTimes> known = EncoderTimes.of(encoder, layer);
    if (intervalMs == null && known.isEmpty()) {
      throw DuovoxException.usage(
          "how far apart are the frames? Give --interval-ms (and --offset-ms), or --encoder with one"
              + " of the names --help lists (resdavenet_vq with --layer quant2 or quant3)");
    }
    double interval = intervalMs == null ? known.orElseThrow().intervalMs() : intervalMs;
    boolean same = known.isPresent() && known.get().intervalMs() == interval;
    double offset = same ? known.get().offsetMs() : interval / 2;
    return new EncoderTimes(interval, offsetMs == null ? offset : offsetMs);
  }

  private Path requireTsv() {
    if (tsv == null) {
      throw DuovoxException.usage("fairseq files do not name their utterances: give --tsv FILE");
    }
    return tsv;
  }

  private FairseqTsv lengths() {
    return tsv == null ? null : FairseqTsv.read(tsv, TextLines.End.EXPECTED, paths.rules());
  }
}
