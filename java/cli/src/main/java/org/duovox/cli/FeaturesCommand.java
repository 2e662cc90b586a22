package org.duovox.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.Manifest;
import org.duovox.internal.NativeRuntime;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.Encoders;
import org.duovox.speech.Extraction;
import org.duovox.speech.ExtractionListener;
import org.duovox.speech.ExtractionOptions;
import org.duovox.speech.FeatureManifest;
import org.duovox.speech.FeatureWriter;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox features`: from audio to the frames of an encoder.
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
      "  duovox features --encoder logmel --out features/ hello.wav world.flac"
    })
final class FeaturesCommand extends Verb {
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

  @Option(
      names = "--manifest",
      paramLabel = "FILE|FOLDER",
      description = "A folder of audio files, a fairseq .tsv, or a .jsonl with 'audio' and fields.")
  private Path manifest;

  @Option(names = "--allow-absolute", description = "Let a manifest name files by absolute paths.")
  private boolean allowAbsolute;

  @Parameters(
      paramLabel = "AUDIO",
      arity = "0..*",
      description = "Audio files; the id is the name without extension.")
  private List<Path> audio = List.of();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  @Option(
      names = "--max-bad-fraction",
      paramLabel = "F",
      description =
          "Share of files that may be unusable before it fails. Default: ${DEFAULT-VALUE}.")
  private double maxBadFraction = ExtractionOptions.MAX_BAD_FRACTION;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Files worked on at once. Default: the number of cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  private record Result(
      String out,
      String encoder,
      List<String> layers,
      int utterances,
      Map<String, Long> frames,
      double seconds,
      double xRealTime,
      List<SkippedUtterance> skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Text.of(
              "wrote %s: %s of %s, %s of audio, %.0f x real time",
              out,
              Text.count(utterances, "utterance"),
              encoder,
              Text.duration(seconds),
              xRealTime));
      layers.forEach(name -> writer.println(Text.of("%s: %,d frames", name, frames.get(name))));
      if (!skipped.isEmpty()) {
        writer.println(
            Text.of(
                "skipped %d of %d, listed in %s/errors.jsonl",
                skipped.size(), skipped.size() + utterances, out));
      }
    }
  }

  @Override
  Object execute() {
    if (threads < 1 || threads > 1024) {
      throw DuovoxException.usage("--threads must be 1 to 1024, but is " + threads);
    }
    Manifest files = files();
    Clock clock = new Clock();
    List<SkippedUtterance> skipped = new ArrayList<>();
    EncoderFiles.ensure(this, List.of(encoder));
    // Files are worked on side by side, so that one operation has one thread: the same bytes for
    // any number.
    NativeRuntime.setThreads(1);
    try (Encoder open = Encoders.open(encoder, Chunking.parse(chunking), threads);
        Progress progress = progress("features", files.size(), "files")) {
      ExtractionOptions options =
          new ExtractionOptions(layers(open), maxBadFraction, FeatureWriter.SHARD_BYTES);
      FeatureManifest written =
          Extraction.run(
              files, AudioLoader.standard(), open, options, out, new Listener(progress, skipped));
      return result(written, clock, skipped);
    }
  }

  private Result result(FeatureManifest written, Clock clock, List<SkippedUtterance> skipped) {
    return new Result(
        out.toString(),
        written.encoder(),
        written.layers().stream().map(Layer::name).toList(),
        written.utterances(),
        written.frames(),
        written.seconds(),
        clock.xRealTime(written.seconds()),
        List.copyOf(skipped));
  }

  private Manifest files() {
    if ((manifest == null) == audio.isEmpty()) {
      throw DuovoxException.usage(
          "name either --manifest FILE|FOLDER or audio files, and not both");
    }
    return manifest == null ? Manifest.of(audio) : Manifest.read(manifest, allowAbsolute);
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

  private final class Listener implements ExtractionListener {
    private final Progress progress;
    private final List<SkippedUtterance> skipped;
    private final Clock clock = new Clock();

    Listener(Progress progress, List<SkippedUtterance> skipped) {
      this.progress = progress;
      this.skipped = skipped;
    }

    @Override
    public void progress(int done, int total, double seconds) {
      progress.update(done, total, Text.of("%.0f x real time", clock.xRealTime(seconds)));
    }

    @Override
    public void skipped(SkippedUtterance utterance) {
      skipped.add(utterance);
      remark("skipped %s: %s", utterance.id(), utterance.reason());
    }
  }
}
