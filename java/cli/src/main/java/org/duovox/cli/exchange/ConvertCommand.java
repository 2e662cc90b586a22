package org.duovox.cli.exchange;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.convert.Conversion;
import org.duovox.convert.ConvertRequest;
import org.duovox.convert.Converter;
import org.duovox.io.json.Json;
import org.duovox.report.Wording;
import org.duovox.units.FeatureLayer;
import org.duovox.units.StoredFeatures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox convert`: turns a published checkpoint into safetensors and JSON.
@Command(
    name = "convert",
    description = {
      "Turns a published checkpoint into safetensors and JSON, without executing anything in it.",
      "",
      "Encoders: CPC, ResDAVEnet-VQ, HuBERT, wav2vec 2.0, data2vec-audio and WavLM of fairseq,",
      "pytorch_model.bin of Hugging Face. Codebooks: k-means of scikit-learn (joblib) and CPC_audio.",
      "Unit language models: the dual-channel prototype WPBERT, also as safetensors.",
      "A pickle that asks for a class that is not on the list is refused, with the name of the class."
    },
    footer = {
      "  duovox convert wpbert/best_model.pt --heads 8 --out models/wpbert",
      "  duovox convert checkpoint.pt --out encoders/cpc",
      "  duovox convert hubert_base_ls960.pt --out encoders/hubert --json",
      "  duovox convert km.bin --features features/ --layer hidden_state_6 --out codebooks/km100"
    })
public final class ConvertCommand extends Verb {
  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "A checkpoint (.pt, .pth, .bin, .ckpt, .joblib, .index.json, .safetensors), or a folder"
              + " that holds one.")
  private Path source;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--features",
      paramLabel = "DIR",
      description =
          "For a codebook: features of the encoder that it was fitted on. The codebook then carries"
              + " their origin, and 'quantize' refuses others.")
  private Path features;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "Layer of these features; needed when the folder holds several.")
  private String layer;

  @Option(
      names = "--heads",
      paramLabel = "N",
      description =
          "For a unit language model: attention heads, where no config.json beside it says how"
              + " many. Default: 8.")
  private Integer heads;

  @Option(
      names = "--generic",
      description = "Write tensors of an unknown layout as they are, without a config.json.")
  private boolean generic;

  @Option(
      names = "--max-bytes",
      paramLabel = "N",
      description =
          "Refuse a file that says it holds more, or that unpacks to more. Default:"
              + " ${DEFAULT-VALUE}.")
  private long maxBytes = ConvertRequest.MAX_BYTES;

  private record Result(Conversion conversion) implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(Wording.format("found: %s (%s)", conversion.layout(), conversion.form()));
      writer.println(
          Wording.format(
              "wrote %s: %s; %s, %,d parameters",
              conversion.out(),
              String.join(", ", conversion.files()),
              Wording.count(conversion.tensors(), "tensor"),
              conversion.parameters()));
      if (!conversion.dropped().isEmpty()) {
        writer.println("left out: " + Wording.firstTen(conversion.dropped()));
      }
      conversion.notes().forEach(note -> writer.println("note: " + note));
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    if (maxBytes < 1) {
      throw DuovoxException.usage("--max-bytes must be positive, but is " + maxBytes);
    }
    if (layer != null && features == null) {
      throw DuovoxException.usage("--layer names a layer of --features, which is missing");
    }
    if (heads != null && heads < 1) {
      throw DuovoxException.usage("--heads must be positive, but is " + heads);
    }
    OptionalInt known = heads == null ? OptionalInt.empty() : OptionalInt.of(heads);
    return new Result(
        Converter.convert(new ConvertRequest(source, out, generic, maxBytes, origin(), known)));
  }

  @Override
  protected String json(Object result) {
    return Json.pretty(((Result) result).conversion());
  }

  private Optional<ConvertRequest.Origin> origin() {
    if (features == null) {
      return Optional.empty();
    }
    try (FeatureLayer frames = StoredFeatures.open(features, layer)) {
      return Optional.of(new ConvertRequest.Origin(frames.stream(), frames.width()));
    }
  }
}
