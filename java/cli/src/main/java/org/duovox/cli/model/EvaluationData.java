package org.duovox.cli.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.cli.console.EncoderFiles;
import org.duovox.cli.console.FieldFilter;
import org.duovox.cli.console.ManifestPathOptions;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.internal.Device;
import org.duovox.slu.FrontEnd;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.units.corpus.Corpus;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a classifier is evaluated on: a corpus, or audio that becomes one.
final class EvaluationData {
  @Option(
      names = "--corpus",
      paramLabel = "CORPUS",
      description = "Corpus of 'duovox align'. Without it, name audio.")
  private Path corpus;

  @Option(
      names = "--where",
      paramLabel = "FIELD=VALUE",
      description =
          "These utterances only, e.g. split=test; several values with commas; repeatable.")
  private List<String> conditions = List.of();

  @Option(
      names = "--manifest",
      paramLabel = "FILE|FOLDER",
      description =
          "Audio instead of a corpus: a folder of audio files, a fairseq .tsv, or a .jsonl. Labels"
              + " in it are scored.")
  private Path manifest;

  @Mixin private ManifestPathOptions paths;

  @Option(
      names = "--audio",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Audio files instead of a corpus; the id is the name without extension.")
  private List<Path> audio = List.of();

  @Option(
      names = "--encoder",
      paramLabel = "NAME|DIR",
      description =
          "With audio: folder of an encoder that the classifier's units are of, for those that have"
              + " no name of their own; repeatable.")
  private List<String> encoders = List.of();

  @Option(
      names = "--max-bad-fraction",
      paramLabel = "F",
      description =
          "With audio: share of files that may be unusable before it fails. Default:"
              + " ${DEFAULT-VALUE}.")
  private double maxBadFraction = ExtractionOptions.MAX_BAD_FRACTION;

  private final List<SkippedUtterance> skipped = new ArrayList<>();

  /// Refuses options that do not go together.
  void requireOne() {
    int sources = (corpus == null ? 0 : 1) + (manifest == null ? 0 : 1) + (audio.isEmpty() ? 0 : 1);
    if (sources != 1) {
      throw DuovoxException.usage("name one of --corpus, --manifest and --audio");
    }
    if (!(maxBadFraction >= 0 && maxBadFraction <= 1)) {
      throw DuovoxException.usage("--max-bad-fraction must be 0 to 1, but is " + maxBadFraction);
    }
  }

  /// Returns whether audio is named.
  boolean isAudio() {
    return corpus == null;
  }

  /// Returns the audio files that could not be used.
  List<SkippedUtterance> skipped() {
    return List.copyOf(skipped);
  }

  /// Opens the corpus, or makes it of the audio.
  ///
  /// @param classifier folder of the classifier, which knows what its units are made of
  Corpus open(Verb verb, Path classifier, Device device) {
    if (!isAudio()) {
      return TrainingVerb.CorpusOptions.open(corpus, conditions);
    }
    FrontEnd frontEnd = FrontEnd.of(classifier);
    Manifest files = selected(read());
    EncoderFiles.fetchMissing(verb, frontEnd.encoders());
    FrontEnd.Reading reading =
        new FrontEnd.Reading(
            encoders,
            maxBadFraction,
            Runtime.getRuntime().availableProcessors(),
            UtteranceLoader.files(AudioLoader.standard()));
    try (Progress progress = verb.progress("encode", files.size(), "files")) {
      return frontEnd.read(classifier, files, reading, device, listener(verb, progress));
    }
  }

  private ExtractionListener listener(Verb verb, Progress progress) {
    return new ExtractionListener() {
      @Override
      public void progress(int done, int total, double seconds) {
        progress.update(done, total, "");
      }

      @Override
      public void skipped(SkippedUtterance utterance) {
        if (skipped.stream().noneMatch(other -> other.id().equals(utterance.id()))) {
          skipped.add(utterance);
          verb.remark("skipped %s: %s", utterance.id(), utterance.reason());
        }
      }
    };
  }

  private Manifest read() {
    Optional<Path> gone = audio.stream().filter(file -> !Files.exists(file)).findFirst();
    if (gone.isPresent()) {
      throw DuovoxException.missing("no such audio file: " + gone.get());
    }
    return manifest == null
        ? Manifest.of(audio, paths.rules())
        : Manifest.read(manifest, paths.rules());
  }

  private Manifest selected(Manifest all) {
    FieldFilter filter = new FieldFilter(conditions);
    if (filter.isEmpty()) {
      return all;
    }
    List<Utterance> matching =
        all.utterances().stream().filter(utterance -> filter.matches(utterance.fields())).toList();
    if (matching.isEmpty()) {
      throw filter.noMatch(all.source(), all.utterances().stream().map(Utterance::fields));
    }
    return new Manifest(matching, all.source());
  }
}
