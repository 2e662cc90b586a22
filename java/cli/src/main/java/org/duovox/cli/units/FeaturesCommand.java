package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.report.Wording;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.extract.AudioReuse;
import org.duovox.speech.extract.Extraction;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.FeatureReuse;
import org.duovox.speech.extract.ShardedExtraction;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.ShardIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox features`: extracts the frames of an encoder from audio.
@Command(
    name = "features",
    description = {
      "Extracts frames of an encoder from audio files: WAV, FLAC and whatever FFmpeg reads.",
      "",
      "Files that cannot be used are skipped, named and listed in errors.jsonl. The others are"
          + " written, in the",
      "order of the manifest, as float32 tensors (frames, width) named by the utterance's id, or"
          + " ID/LAYER when",
      "there are several layers."
    },
    footer = {
      "  duovox features --encoder speech-embedding --layer block2,embedding --manifest recordings/"
          + " --out features/",
      "  duovox features --encoder speech-embedding --layer all --manifest train.tsv --out"
          + " features/",
      "  duovox features --encoder logmel --out features/ hello.wav world.flac",
      "  duovox features --encoder logmel --manifest train.tsv --out parts/ --shard 0/7",
      "  duovox features --encoder my-encoder/ --list"
    })
public final class FeaturesCommand extends Verb {
  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "NAME|DIR",
      description =
          "logmel, mfcc, speech-embedding, a checkpoint's folder (HuBERT, wav2vec 2.0, data2vec-audio, WavLM,"
              + " CPC, ResDAVEnet-VQ), or a folder with encoder.json and its ONNX models.")
  private String encoder;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "Layers, separated by commas, or all. Default: the only layer of an encoder that has"
              + " one.")
  private String layer;

  @Option(
      names = "--chunking",
      paramLabel = "POLICY",
      description =
          "How CPC cuts audio: whole, chunk, chunk-carried or window, with :SAMPLES for another"
              + " length of a piece. Default: ${DEFAULT-VALUE}.")
  private String chunking = Chunking.WHOLE.toString();

  @Mixin private AudioOptions audio;

  @Mixin private DeviceOption deviceOption;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--list",
      description =
          "Only list the encoder's layers and, for a folder of ONNX models or a model, their inputs"
              + " and tensors.")
  private boolean list;

  @Option(
      names = "--shard",
      paramLabel = "i/N",
      description = {
        "Only the i-th of N blocks of the manifest, i from 0 to N-1, into DIR/shards/. Run again, it"
            + " verifies what is",
        "there. 'duovox merge DIR' joins the N parts."
      })
  private String shard;

  private record Result(
      String out,
      String encoder,
      List<String> layers,
      int utterances,
      Map<String, Long> frames,
      double seconds,
      double xRealTime,
      boolean verified,
      List<SkippedUtterance> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      String count = Wording.count(utterances, "utterance");
      String audio = Wording.duration(seconds);
      writer.println(
          verified
              ? Wording.format(
                  "verified %s: %s of %s, %s of audio; it was there already",
                  out, count, encoder, audio)
              : Wording.format(
                  "wrote %s: %s of %s, %s of audio, %.0f x real time",
                  out, count, encoder, audio, xRealTime));
      layers.forEach(
          name -> writer.println(Wording.format("%s: %,d frames", name, frames.get(name))));
      AudioOptions.printSkipped(writer, skipped.size(), utterances, out);
    }
  }

  @Override
  public List<Output> outputs() {
    return shard == null ? Output.comparing(Form.FOLDER, out) : Output.continuing(out);
  }

  @Override
  protected Object execute() {
    if (list) {
      return EncoderListing.of(this, encoder);
    }
    if (out == null) {
      throw DuovoxException.usage("name the folder to write: --out DIR");
    }
    audio.requireValid();
    Device device = deviceOption.readyFor(encoder);
    Optional<ShardIndex> index = Optional.ofNullable(shard).map(ShardIndex::parse);
    Manifest files = audio.read();
    EncoderFiles.fetchMissing(this, List.of(encoder));
    // Files are processed in parallel, so each operation has one thread; that also makes the bytes
    // independent of the number of threads.
    NativeRuntime.setThreads(1);
    try (Encoder open = Encoders.open(encoder, Chunking.parse(chunking), audio.threads(), device);
        Progress progress = progress("features", files.size(), "files")) {
      return index.isPresent()
          ? extractShard(files, index.get(), open, progress)
          : extract(files, open, progress);
    }
  }

  private Result extract(Manifest files, Encoder open, Progress progress) {
    Stopwatch stopwatch = new Stopwatch();
    if (isKept(out)) {
      return reused(files, open, progress, stopwatch);
    }
    AudioOptions.SkipCollector collector = new AudioOptions.SkipCollector(this, progress);
    FeatureManifest written =
        new Extraction(
                UtteranceLoader.files(audio.loader()), open, audio.options(layers(open)), collector)
            .writeFeatures(files, out);
    return result(out, written, stopwatch, false, collector.skipped());
  }

  /// Returns the features that exist already, or refuses them when they would come out differently.
  private Result reused(Manifest files, Encoder open, Progress progress, Stopwatch stopwatch) {
    ExtractionOptions options = audio.options(layers(open));
    UtteranceLoader loader = UtteranceLoader.files(audio.loader());
    String difference =
        FeatureReuse.difference(
            out,
            new AudioReuse(files, loader, open, options),
            open,
            options,
            done -> progress.update(done, files.size(), "comparing"));
    if (!difference.isEmpty()) {
      throw OutputGuard.refused(out, difference);
    }
    try (FeatureSet set = FeatureSet.open(out)) {
      return result(out, set.manifest(), stopwatch, true, set.skipped());
    }
  }

  private Result extractShard(Manifest files, ShardIndex index, Encoder open, Progress progress) {
    Stopwatch stopwatch = new Stopwatch();
    AudioOptions.SkipCollector collector = new AudioOptions.SkipCollector(this, progress);
    ShardedExtraction.Result made =
        ShardedExtraction.run(
            files,
            audio.loader(),
            open,
            audio.options(layers(open)),
            index,
            out,
            mayReplace(),
            collector);
    if (!made.redone().isEmpty()) {
      remark("made %s again: %s", made.folder(), made.redone());
    }
    return result(made.folder(), made.manifest(), stopwatch, made.verified(), collector.skipped());
  }

  private static Result result(
      Path folder,
      FeatureManifest written,
      Stopwatch stopwatch,
      boolean verified,
      List<SkippedUtterance> skipped) {
    return new Result(
        folder.toString(),
        written.encoder(),
        written.layers().stream().map(Layer::name).toList(),
        written.utterances(),
        written.frames(),
        written.seconds(),
        stopwatch.xRealTime(written.seconds()),
        verified,
        skipped);
  }

  private List<Layer> layers(Encoder open) {
    if (layer != null) {
      return open.select(layer);
    }
    if (open.layers().size() > 1) {
      throw DuovoxException.usage(
          "encoder %s has several layers; name some with --layer, or all: %s"
              .formatted(
                  open.name(),
                  String.join(", ", open.layers().stream().map(Layer::name).toList())));
    }
    return open.layers();
  }
}
