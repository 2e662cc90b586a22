package org.duovox.units.sets;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Utterance;
import org.duovox.internal.NativeAssigner;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.speech.AudioIdentity;
import org.duovox.speech.Encoder;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.extract.AudioReuse;
import org.duovox.speech.extract.Extraction;
import org.duovox.speech.extract.ExtractionListener;
import org.duovox.speech.extract.ExtractionOptions;
import org.duovox.speech.extract.UtteranceLoader;
import org.duovox.speech.features.FrameDestination;
import org.duovox.units.Codebook;
import org.duovox.units.IntList;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;

/// Quantizes audio in one pass: the frames of every layer become units as soon as they are
/// computed, and no features are written.
///
/// The unit sets are, byte by byte, those of extracting features and then quantizing them. They lie
/// in one folder, each under the name of its layer, beside `errors.jsonl`, which lists the
/// utterances that could not be used; all of them appear together.
public final class UnitExtraction {
  private UnitExtraction() {}

  /// Writes one unit set per codebook.
  ///
  /// @param options whose layers are those that have a codebook
  /// @param codebooks by name of the layer
  /// @return the finished unit sets by layer
  /// @throws DuovoxException of kind BAD_DATA when a codebook was fitted on other features or too
  ///   many utterances cannot be used
  public static Map<String, UnitSet> run(
      Manifest manifest,
      UtteranceLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      Map<String, Codebook> codebooks,
      Path out,
      ExtractionListener listener) {
    List<LayerUnits> layers = new ArrayList<>();
    try (PendingDirectory folder = AtomicFiles.createDirectory(out);
        Destination destination = new Destination(layers)) {
      for (Layer layer : options.layers()) {
        Codebook codebook = codebooks.get(layer.name());
        StreamInfo stream = stream(encoder, options, layer);
        requirePlain(encoder, layer, codebook);
        requireFit(stream, layer, codebook);
        layers.add(
            new LayerUnits(
                layer.name(),
                codebook,
                stream,
                options.batchSeconds(),
                folder.path().resolve(layer.name())));
      }
      new Extraction(loader, encoder, options, listener).run(manifest, destination);
      layers.forEach(LayerUnits::commit);
      AtomicFiles.write(
          folder.path().resolve(SkippedUtterance.FILE),
          stream -> {
            for (SkippedUtterance skip : destination.skipped()) {
              stream.write((Json.line(skip) + "\n").getBytes(StandardCharsets.UTF_8));
            }
          });
      folder.commit();
    }
    Map<String, UnitSet> sets = new LinkedHashMap<>();
    options.layers().forEach(l -> sets.put(l.name(), UnitSet.open(out.resolve(l.name()))));
    return sets;
  }

  /// Says in words how finished unit sets differ from those that [#run] would write; "" when they
  /// do not.
  ///
  /// @param done receives the number of utterances compared
  public static String difference(
      Path out,
      AudioReuse audio,
      Encoder encoder,
      ExtractionOptions options,
      Map<String, Codebook> codebooks,
      IntConsumer done) {
    return UnitReuse.compared(() -> {
      List<AudioReuse.Made> made = null;
      for (Layer layer : options.layers()) {
        UnitSet set = UnitSet.open(out.resolve(layer.name()));
        StreamInfo stream = stream(encoder, options, layer);
        String origin =
            UnitReuse.origin(set, stream, options.batchSeconds(), codebooks.get(layer.name()));
        if (!origin.isEmpty()) {
          return origin;
        }
        set.verify();
        if (made != null && !made.equals(made(set))) {
          return "its layers are of different audio";
        }
        made = made(set);
      }
      return audio.difference(made, skipped(out), done);
    });
  }

  private static List<AudioReuse.Made> made(UnitSet set) {
    return set.utterances().stream()
        .map(u -> new AudioReuse.Made(u.id(), u.fields(), u.audioSha256()))
        .toList();
  }

  /// The utterances that finished unit sets left out.
  public static List<SkippedUtterance> skipped(Path out) {
    return Json.lines(out.resolve(SkippedUtterance.FILE), SkippedUtterance.class);
  }

  private static StreamInfo stream(Encoder encoder, ExtractionOptions options, Layer layer) {
    return new StreamInfo(
        encoder.name(),
        layer.name(),
        encoder.weightsSha256(),
        encoder.normalization(),
        options.chunking(encoder),
        layer.intervalMs(),
        layer.offsetMs(),
        layer.receptiveField());
  }

  /// Joint units need to know which combinations occur before the first unit is written.
  private static void requirePlain(Encoder encoder, Layer layer, Codebook codebook) {
    if (encoder.codebook(layer.name()).isPresent()
        || codebook.joint().isPresent()
        || codebook.stages().isPresent()) {
      throw DuovoxException.usage(
          "layer %s: in one pass only frames and a plain k-means codebook become units; use duovox features, then duovox quantize --features"
              .formatted(layer.name()));
    }
  }

  private static void requireFit(StreamInfo stream, Layer layer, Codebook codebook) {
    if (codebook.width() != layer.width()) {
      throw DuovoxException.badData(
          "the codebook of layer %s has vectors of %d values, the layer %d; fit one on this layer"
              .formatted(layer.name(), codebook.width(), layer.width()));
    }
    Quantizer.requireSameOrigin(codebook.stream(), stream);
  }

  /// Where the extraction sends frames: their codes are kept, not the frames.
  private static final class Destination
      implements FrameDestination<Map<String, int[]>>, AutoCloseable {
    private final List<LayerUnits> layers;
    private final List<SkippedUtterance> skipped = new ArrayList<>();
    private Utterance current;

    /// @param layers may grow until the first utterance; closed with this object
    Destination(List<LayerUnits> layers) {
      this.layers = layers;
    }

    List<SkippedUtterance> skipped() {
      return skipped;
    }

    @Override
    public Map<String, int[]> prepare(Map<String, Frames> frames) {
      Map<String, int[]> codes = new HashMap<>();
      for (LayerUnits layer : layers) {
        codes.put(layer.name(), layer.assign(frames.get(layer.name())));
      }
      return codes;
    }

    @Override
    public void begin(Utterance utterance) {
      current = utterance;
    }

    @Override
    public void append(Map<String, int[]> piece) {
      layers.forEach(layer -> layer.append(piece.get(layer.name())));
    }

    @Override
    public void finish(AudioIdentity audio) {
      layers.forEach(layer -> layer.finish(current.id(), audio, current.fields()));
    }

    @Override
    public void abandon() {
      layers.forEach(LayerUnits::abandon);
    }

    @Override
    public void skip(SkippedUtterance utterance) {
      skipped.add(utterance);
    }

    @Override
    public void close() {
      layers.forEach(LayerUnits::close);
    }
  }

  /// One layer: its codebook, and the unit set that is written.
  private static final class LayerUnits implements AutoCloseable {
    private final String name;
    private final NativeAssigner assigner;
    private final UnitSetWriter writer;
    private final IntList units = new IntList();

    LayerUnits(
        String name, Codebook codebook, StreamInfo stream, double batchSeconds, Path target) {
      this.name = name;
      this.assigner =
          new NativeAssigner(codebook.centroids(), codebook.clusters(), codebook.width());
      this.writer = new UnitSetWriter(target, stream, codebook).inBatches(batchSeconds);
    }

    String name() {
      return name;
    }

    /// Codes of frames; called on several threads.
    int[] assign(Frames frames) {
      return assigner.assign(frames.values(), frames.frames());
    }

    /// Appends codes to the utterance under way.
    void append(int[] codes) {
      units.addAll(codes);
    }

    /// Ends the utterance under way.
    void finish(String id, AudioIdentity audio, Map<String, String> fields) {
      int[] codes = units.toArray();
      writer.add(
          new UtteranceInfo(id, codes.length, audio.samples(), fields, audio.sha256()), codes);
      units.clear();
    }

    void abandon() {
      units.clear();
    }

    void commit() {
      writer.commit();
    }

    @Override
    public void close() {
      writer.close();
      assigner.close();
    }
  }
}
