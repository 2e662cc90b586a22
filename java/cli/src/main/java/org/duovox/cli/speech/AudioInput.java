package org.duovox.cli.speech;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.speech.Layer;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.features.FeatureWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What verbs that read audio share: which files, how they are cut and batched, how many may be
/// bad.
final class AudioInput {
  @Option(
      names = "--manifest",
      paramLabel = "FILE|FOLDER",
      description = {
        "A folder of audio files, a fairseq .tsv, or a .jsonl with 'audio' (or 'audio_filepath'),"
            + " fields, and 'offset'",
        "and 'duration' in seconds where an utterance is a part of a file."
      })
  private Path manifest;

  @Mixin private ManifestPaths paths;

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

  /// Whether the user named audio at all.
  boolean isGiven() {
    return manifest != null || !audio.isEmpty();
  }

  /// The utterances that the user named.
  Manifest read() {
    if ((manifest == null) == audio.isEmpty()) {
      throw DuovoxException.usage(
          "name either --manifest FILE|FOLDER or audio files, and not both");
    }
    for (Path file : audio) {
      if (!Files.exists(file)) { // Of a manifest's files, some may be.
        throw DuovoxException.missing("no such audio file: " + file);
      }
    }
    return manifest == null
        ? Manifest.of(audio, paths.rules())
        : Manifest.read(manifest, paths.rules());
  }

  /// Refuses numbers that make no sense, before any work.
  void check() {
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

  AudioLoader loader() {
    return AudioLoader.standard(Duration.ofSeconds((long) Math.ceil(maxDuration)));
  }

  ExtractionOptions options(List<Layer> layers) {
    ExtractionOptions options =
        new ExtractionOptions(layers, maxBadFraction, FeatureWriter.SHARD_BYTES)
            .withBatches(batchSeconds);
    return maxSegment == null ? options : options.withMaxSegment(maxSegment);
  }
}
