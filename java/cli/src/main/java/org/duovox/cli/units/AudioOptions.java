package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.cli.console.ManifestPathOptions;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Stopwatch;
import org.duovox.cli.console.Verb;
import org.duovox.report.Wording;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.features.FeatureWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of verbs that read audio: which files, how they are cut and batched, how many may be
/// unusable.
final class AudioOptions {
  @Option(
      names = "--manifest",
      paramLabel = "FILE|FOLDER",
      description = {
        "A folder of audio files, a fairseq .tsv, or a .jsonl with 'audio' (or 'audio_filepath'),"
            + " fields, and 'offset'",
        "and 'duration' in seconds where an utterance is a part of a file."
      })
  private Path manifest;

  @Mixin private ManifestPathOptions paths;

  @Parameters(
      paramLabel = "AUDIO",
      arity = "0..*",
      description = "Audio files; the id is the name without extension.")
  private List<Path> audio = List.of();

  @Option(
      names = "--max-bad-fraction",
      paramLabel = "F",
      description =
          "Share of files that may be unusable before it fails. Default: ${DEFAULT-VALUE}.")
  private double maxBadFraction = ExtractionOptions.MAX_BAD_FRACTION;

  @Option(
      names = "--max-duration",
      paramLabel = "SECONDS",
      description = "Longer audio is an unusable file. Default: ${DEFAULT-VALUE} (4 hours).")
  private double maxDuration = AudioLoader.LIMIT.toSeconds();

  @Option(
      names = "--max-segment",
      paramLabel = "SECONDS",
      description = {
        "Cut longer audio into segments that are encoded one by one, in bounded memory; number and"
            + " times of the",
        "frames stay. 0: never cut. Default: 100 s for encoders with attention, else never."
      })
  private Double maxSegment;

  @Option(
      names = "--batch-seconds",
      paramLabel = "SECONDS",
      description = {
        "Encode files of like length together, at most so much audio at once: faster for some"
            + " encoders, but the",
        "last bits may differ. Default: ${DEFAULT-VALUE}, every file by itself."
      })
  private double batchSeconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Files worked on at once. Default: the number of cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// Returns whether the command line names any audio.
  boolean isGiven() {
    return manifest != null || !audio.isEmpty();
  }

  /// Reads the utterances that the command line names.
  ///
  /// @throws DuovoxException (USAGE) unless there is either a manifest or audio files
  Manifest read() {
    if ((manifest == null) == audio.isEmpty()) {
      throw DuovoxException.usage(
          "name either --manifest FILE|FOLDER or audio files, and not both");
    }
    for (Path file : audio) {
      if (!Files.exists(file)) { // Missing files of a manifest are skipped instead.
        throw DuovoxException.missing("no such audio file: " + file);
      }
    }
    return manifest == null
        ? Manifest.of(audio, paths.rules())
        : Manifest.read(manifest, paths.rules());
  }

  /// Refuses numbers out of range, before any work.
  void requireValid() {
    if (threads < 1 || threads > 1024) {
      throw DuovoxException.usage("--threads must be 1 to 1024, but is " + threads);
    }
    if (!(maxDuration >= 1 && maxDuration <= 1e6)) {
      throw DuovoxException.usage(
          "--max-duration must be 1 to 1000000 seconds, but is " + maxDuration);
    }
    if (maxSegment != null && !(maxSegment >= 0)) {
      throw DuovoxException.usage("--max-segment must be 0 or more, but is " + maxSegment);
    }
  }

  int threads() {
    return threads;
  }

  /// Returns the loader of the audio, with the limit of its duration.
  AudioLoader loader() {
    return AudioLoader.standard(Duration.ofSeconds((long) Math.ceil(maxDuration)));
  }

  /// Returns the options as the extraction of these layers takes them.
  ExtractionOptions options(List<Layer> layers) {
    ExtractionOptions options =
        new ExtractionOptions(layers, maxBadFraction, FeatureWriter.SHARD_BYTES)
            .withBatches(batchSeconds);
    return maxSegment == null ? options : options.withMaxSegment(maxSegment);
  }

  /// Prints how many utterances were skipped, if any.
  ///
  /// @param utterances the others
  /// @param out the folder that was written
  static void printSkipped(PrintWriter writer, int skipped, int utterances, String out) {
    if (skipped > 0) {
      writer.println(
          Wording.format(
              "skipped %d of %d, listed in %s/errors.jsonl", skipped, skipped + utterances, out));
    }
  }

  /// Moves the progress of an extraction, tells of each utterance that it skips, and collects them.
  static final class SkipCollector implements ExtractionListener {
    private final Verb verb;
    private final Progress progress;
    private final List<SkippedUtterance> skipped = new ArrayList<>();
    private final Stopwatch stopwatch = new Stopwatch();

    SkipCollector(Verb verb, Progress progress) {
      this.verb = verb;
      this.progress = progress;
    }

    /// Returns what was skipped so far.
    List<SkippedUtterance> skipped() {
      return List.copyOf(skipped);
    }

    @Override
    public void progress(int done, int total, double seconds) {
      progress.update(
          done, total, Wording.format("%.0f x real time", stopwatch.xRealTime(seconds)));
    }

    @Override
    public void skipped(SkippedUtterance utterance) {
      skipped.add(utterance);
      verb.remark("skipped %s: %s", utterance.id(), utterance.reason());
    }
  }
}
