package org.duovox.speech.published;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.EncoderShape;
import org.duovox.internal.NativeEncoder;
import org.duovox.internal.NativeEncoder.LayerInfo;
import org.duovox.io.Hashes;
import org.duovox.speech.Chunking;
import org.duovox.speech.Encoder;
import org.duovox.speech.FeatureCodebook;
import org.duovox.speech.Frames;
import org.duovox.speech.Layer;

/// A published encoder computed by the native library: HuBERT, wav2vec 2.0, data2vec-audio, WavLM
/// (Hugging Face folders), CPC, ResDAVEnet-VQ.
///
/// Layers carry the names of the reference implementations: `hidden_state_0` (input of the first
/// transformer layer) to `hidden_state_L`, `last_hidden_state`, `conv`, `extract_features`,
/// `codes`; `encoded`, `context_level_K`; `logmel`, `quantK.codes`, `quantK.prequant`,
/// `quantK.quantized`, `stageK`. A number stands for the hidden state or context level of that
/// number, `conv` for the output of the convolutions. Nothing beyond the layer asked for is
/// computed. Utterances are packed, never padded.
public final class PretrainedEncoder implements Encoder {
  // 100 s, as fairseq's feature scripts cut; attention grows with the square of the length.
  private static final int TRANSFORMER_SEGMENT = 1_600_000;

  private final String type;
  private final NativeEncoder encoder;
  private final List<Layer> layers;
  private final Map<String, LayerInfo> infos;
  private final Map<String, FeatureCodebook> codebooks = new LinkedHashMap<>();
  private final Chunking chunking;
  private final int parallelism;
  private final String normalization;
  private final String sha256;
  private final boolean transformer;

  private PretrainedEncoder(
      Path folder, Checkpoint checkpoint, Chunking chunking, int parallelism, Device device) {
    this.type = checkpoint.type();
    this.chunking = chunking;
    this.parallelism = Math.max(1, parallelism);
    this.transformer = checkpoint.shape() instanceof EncoderShape.Transformer;
    this.normalization = normalization(checkpoint.shape());
    this.encoder =
        DuovoxException.within(folder, () -> new NativeEncoder(checkpoint.shape(), device));
    boolean filled = false;
    try {
      checkpoint.tensors().fill(encoder);
      filled = true;
    } finally {
      if (!filled) {
        encoder.close();
      }
    }
    this.infos =
        encoder.layers().stream()
            .collect(
                Collectors.toMap(LayerInfo::name, info -> info, (a, b) -> a, LinkedHashMap::new));
    this.layers = encoder.layers().stream().map(info -> layer(checkpoint.shape(), info)).toList();
    readCodebooks(folder, checkpoint);
    this.sha256 =
        Hashes.builder()
            .add(checkpoint.type())
            .add(checkpoint.shape().toString())
            .add(checkpoint.tensors().sha256())
            .finish();
  }

  /// Opens a folder with `config.json` and `model.safetensors` (or its sharded form).
  ///
  /// @param parallelism threads that will encode at once
  /// @throws DuovoxException when config and tensors do not fit each other, or chunking is asked of
  ///   an encoder without recurrence
  public static PretrainedEncoder open(
      Path folder, Chunking chunking, int parallelism, Device device) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      if (chunking.policy() != Chunking.Policy.WHOLE
          && !(checkpoint.shape() instanceof EncoderShape.Cpc)) {
        throw DuovoxException.config(
            "%s: chunking %s is for CPC; a %s encoder reads utterances whole (--max-segment cuts long ones)"
                .formatted(folder, chunking, checkpoint.type()));
      }
      return new PretrainedEncoder(folder, checkpoint, chunking, parallelism, device);
    }
  }

  private static Layer layer(EncoderShape shape, LayerInfo info) {
    double perMs = SAMPLE_RATE / 1000.0;
    return new Layer(
        info.name(),
        info.width(),
        info.interval() / perMs,
        info.offset() / perMs,
        ReceptiveFields.of(shape, info));
  }

  private static String normalization(EncoderShape shape) {
    return switch (shape) {
      case EncoderShape.Transformer t ->
          t.standardize() ? "zero mean, unit variance per utterance" : "none";
      case EncoderShape.Cpc cpc -> "none";
      case EncoderShape.Resdavenet r ->
          "zero mean per utterance, pre-emphasis 0.97, dB below the utterance's maximum, edges "
              + (r.zeroPadding() ? "zero" : "mirrored");
    };
  }

  private void readCodebooks(Path folder, Checkpoint checkpoint) {
    for (LayerInfo info : infos.values()) {
      if (info.codes() > 0) {
        String tensor =
            transformer
                ? "quantizer.codevectors"
                : info.name().replace(".codes", "._embedding.weight");
        CheckpointTensors tensors = checkpoint.tensors();
        if (!tensors.has(tensor)) {
          throw DuovoxException.badData(folder + ": the checkpoint lacks the tensor " + tensor);
        }
        codebooks.put(
            info.name(),
            new FeatureCodebook(folder, info.width(), info.codes(), tensors.floats(tensor)));
      }
    }
  }

  @Override
  public String name() {
    return type;
  }

  @Override
  public List<Layer> layers() {
    return layers;
  }

  /// The layer of a name, of a number, or `conv`.
  @Override
  public Layer layer(String name) {
    return Encoder.super.layer(Layer.resolve(name, infos.keySet()));
  }

  @Override
  public String weightsSha256() {
    return sha256;
  }

  @Override
  public String normalization() {
    return normalization;
  }

  @Override
  public String chunking() {
    return chunking.toString();
  }

  @Override
  public int parallelism() {
    return parallelism;
  }

  @Override
  public Optional<FeatureCodebook> codebook(String layer) {
    return Optional.ofNullable(codebooks.get(layer));
  }

  /// Frames of a layer for an utterance of so many samples.
  public int frames(String layer, int samples) {
    return encoder.frames(infos.get(layer(layer).name()), samples, chunking.cut());
  }

  @Override
  public int minimumSamples(Collection<String> names) {
    return Encoder.fewestSamples(samples -> allHaveFrames(samples, names));
  }

  private boolean allHaveFrames(int samples, Collection<String> names) {
    return names.stream().allMatch(name -> frames(name, samples) > 0);
  }

  @Override
  public Map<String, Frames> encode(float[] samples, Collection<String> names) {
    return encodeAll(List.of(samples), names).getFirst();
  }

  /// Several utterances in one pass, packed and not padded.
  @Override
  public List<Map<String, Frames>> encodeAll(List<float[]> batch, Collection<String> names) {
    batch.forEach(samples -> requireLength(samples.length, names));
    List<LayerInfo> wanted = names.stream().map(name -> infos.get(layer(name).name())).toList();
    List<List<float[]>> values = encoder.encode(batch, wanted, chunking.cut());
    return IntStream.range(0, batch.size())
        .mapToObj(row -> {
          Map<String, Frames> frames = new LinkedHashMap<>();
          for (int i = 0; i < wanted.size(); i++) {
            float[] of = values.get(i).get(row);
            int width = wanted.get(i).width();
            frames.put(wanted.get(i).name(), new Frames(of, of.length / width, width));
          }
          return frames;
        })
        .toList();
  }

  /// Samples beyond which an utterance should be cut: attention is over all frames at once.
  @Override
  public int maxSegmentSamples() {
    return transformer ? TRANSFORMER_SEGMENT : Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    encoder.close();
  }

  @Override
  public String toString() {
    return "PretrainedEncoder[" + type + ", " + layers.size() + " layers]";
  }
}
