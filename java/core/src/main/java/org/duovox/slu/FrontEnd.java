package org.duovox.slu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.Present;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.TemporaryFolder;
import org.duovox.io.json.Json;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.encoders.Encoders;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.speech.features.FeatureWriter;
import org.duovox.units.Codebook;
import org.duovox.units.StreamInfo;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusBuilder;
import org.duovox.units.corpus.CorpusManifest;
import org.duovox.units.corpus.CorpusStream;
import org.duovox.units.sets.UnitExtraction;
import org.duovox.units.sets.UnitSet;

/// What turns audio into the units that a classifier reads: both codebooks with the encoders and
/// layers that they were fitted on, and the settings of the alignment. A folder beside the
/// classifier, so that it needs nothing but audio.
///
/// @param format "duovox-frontend"
/// @param version 1
/// @param contextual origin of the contextual units
/// @param phonetic origin of the phonetic units
public record FrontEnd(
    String format, int version, StreamInfo contextual, StreamInfo phonetic, AlignConfig align) {
  /// Name of the folder beside a classifier.
  public static final String FOLDER = "frontend";

  private static final String FORMAT = "duovox-frontend";
  private static final String CARD = "frontend.json";
  private static final List<String> STREAMS = List.of("contextual", "phonetic");

  public FrontEnd {
    if (!FORMAT.equals(format) || version != 1 || contextual == null || phonetic == null) {
      throw DuovoxException.badData(
          "is '%s', version %d; this program reads %s, version 1"
              .formatted(format, version, FORMAT));
    }
    Present.require("align", align);
  }

  /// How audio is read.
  ///
  /// @param encoders names or folders, for encoders that are not known by name
  /// @param maxBadFraction share of files that may be unusable
  /// @param threads files worked on at once
  /// @param loader reads audio
  public record Reading(
      List<String> encoders, double maxBadFraction, int threads, UtteranceLoader loader) {}

  /// Writes the folder beside a classifier; nothing for a corpus of imported units, which lacks a
  /// codebook or an encoder.
  ///
  /// @param corpus folder of the corpus that it was trained on
  public static void write(Path corpus, Path classifier) {
    Corpus units = Corpus.open(corpus);
    CorpusManifest manifest = Corpus.manifest(corpus);
    boolean known =
        isKnown(units.contextual()) && units.phonetic().filter(FrontEnd::isKnown).isPresent();
    Path folder = classifier.resolve(FOLDER);
    if (!known || Files.exists(folder.resolve(CARD))) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw DuovoxException.cannotCreate("cannot create " + folder, e);
    }
    List<CorpusStream> streams = List.of(units.contextual(), units.phonetic().orElseThrow());
    for (int i = 0; i < streams.size(); i++) {
      streams.get(i).codebook().orElseThrow().write(codebook(folder, STREAMS.get(i)));
    }
    StreamInfo coarse = streams.getFirst().features();
    StreamInfo fine = streams.getLast().features();
    AtomicFiles.write(
        folder.resolve(CARD), Json.pretty(new FrontEnd(FORMAT, 1, coarse, fine, manifest.align())));
  }

  private static boolean isKnown(CorpusStream stream) {
    return stream.codebook().isPresent() && stream.features().hasOrigin();
  }

  private static Path codebook(Path folder, String stream) {
    return folder.resolve(stream + ".safetensors");
  }

  /// Reads the folder beside a classifier.
  ///
  /// @throws DuovoxException (MISSING_INPUT) when there is none
  public static FrontEnd of(Path classifier) {
    Path file = classifier.resolve(FOLDER).resolve(CARD);
    if (!Files.isRegularFile(file)) {
      throw DuovoxException.missing(
          ("%s does not know its encoders and codebooks (it has no %s/): it was trained by an"
                  + " earlier version or on imported units; make a corpus of the audio with"
                  + " 'duovox quantize' and 'duovox align', and evaluate that with --corpus")
              .formatted(classifier, FOLDER));
    }
    return DuovoxException.within(file, () -> Json.read(file, FrontEnd.class));
  }

  /// Returns the names of its encoders.
  public List<String> encoders() {
    return List.of(contextual.encoder(), phonetic.encoder()).stream().distinct().toList();
  }

  /// Turns audio into a corpus, which is in memory.
  ///
  /// @param classifier folder that [#write] wrote to
  /// @param listener hears of files that cannot be used
  /// @throws DuovoxException (MISSING_INPUT) for an encoder that is neither known by name nor given
  public Corpus read(
      Path classifier,
      Manifest manifest,
      Reading reading,
      Device device,
      ExtractionListener listener) {
    try (TemporaryFolder temporary = TemporaryFolder.create()) {
      Path work = temporary.path();
      Map<String, UnitSet> sets = new LinkedHashMap<>();
      for (Map<String, StreamInfo> together : passes()) {
        sets.putAll(units(classifier, together, manifest, reading, device, work, listener));
      }
      Path folder = work.resolve("corpus");
      Corpus corpus =
          CorpusBuilder.build(
              sets.get(STREAMS.getFirst()),
              sets.get(STREAMS.getLast()),
              skippingUnmatched(),
              folder,
              done -> {});
      Map<String, String> files = new HashMap<>();
      manifest.utterances().forEach(each -> files.put(each.id(), each.audio().toString()));
      Corpus.manifest(folder)
          .skipped()
          .forEach(each ->
              listener.skipped(
                  new SkippedUtterance(each.id(), files.get(each.id()), each.reason())));
      return corpus.inMemory();
    }
  }

  /// Returns the settings of the alignment for audio that may be too short for one of the encoders.
  private AlignConfig skippingUnmatched() {
    return new AlignConfig(
        align.mergeContextual(),
        align.mergePhonetic(),
        true,
        align.edges(),
        align.shiftMs(),
        align.jitterMs(),
        align.seed());
  }

  /// Returns the streams of each pass over the audio: both at once when they are two layers of one
  /// encoder.
  private List<Map<String, StreamInfo>> passes() {
    boolean same =
        contextual.encoder().equals(phonetic.encoder())
            && contextual.weightsSha256().equals(phonetic.weightsSha256())
            && contextual.chunking().equals(phonetic.chunking())
            && !contextual.layer().equals(phonetic.layer());
    Map<String, StreamInfo> coarse = Map.of(STREAMS.getFirst(), contextual);
    Map<String, StreamInfo> fine = Map.of(STREAMS.getLast(), phonetic);
    Map<String, StreamInfo> both = new LinkedHashMap<>(coarse);
    both.putAll(fine);
    return same ? List.of(both) : List.of(coarse, fine);
  }

  private static Map<String, UnitSet> units(
      Path classifier,
      Map<String, StreamInfo> streams,
      Manifest manifest,
      Reading reading,
      Device device,
      Path work,
      ExtractionListener listener) {
    NativeRuntime.setThreads(1);
    try (Encoder encoder = open(streams.values().iterator().next(), reading, device)) {
      List<Layer> layers = new ArrayList<>();
      Map<String, Codebook> codebooks = new LinkedHashMap<>();
      streams.forEach((name, stream) -> {
        layers.add(encoder.layer(stream.layer()));
        codebooks.put(
            layers.getLast().name(), Codebook.read(codebook(classifier.resolve(FOLDER), name)));
      });
      ExtractionOptions options =
          new ExtractionOptions(layers, reading.maxBadFraction(), FeatureWriter.SHARD_BYTES);
      Path out = work.resolve(String.join("-", streams.keySet()));
      Map<String, UnitSet> byLayer =
          UnitExtraction.run(
              manifest, reading.loader(), encoder, options, codebooks, out, listener);
      Map<String, UnitSet> sets = new LinkedHashMap<>();
      streams.forEach(
          (name, stream) -> sets.put(name, byLayer.get(encoder.layer(stream.layer()).name())));
      return sets;
    }
  }

  /// Opens the encoder of a stream: by its name, or the given one of that name.
  private static Encoder open(StreamInfo stream, Reading reading, Device device) {
    Chunking chunking = chunking(stream);
    if (Encoders.NAMES.contains(stream.encoder())) {
      return Encoders.open(stream.encoder(), chunking, reading.threads(), Device.CPU);
    }
    for (String given : reading.encoders()) {
      Encoder encoder = Encoders.open(given, chunking, reading.threads(), device);
      if (encoder.name().equals(stream.encoder())
          && encoder.weightsSha256().equals(stream.weightsSha256())) {
        return encoder;
      }
      encoder.close();
    }
    throw DuovoxException.missing(
        ("the classifier reads units of the encoder '%s' (weights %s); name its folder with"
                + " --encoder DIR")
            .formatted(stream.encoder(), stream.weightsSha256()));
  }

  /// Returns how the encoder cuts audio: what stands before the length of segments, if any.
  private static Chunking chunking(StreamInfo stream) {
    String policy = stream.chunking().split(";", -1)[0];
    return policy.isBlank() ? Chunking.WHOLE : Chunking.parse(policy);
  }
}
