package org.duovox.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.internal.NativeTensor;
import org.duovox.model.ModelConfig.HeadLayout;
import org.duovox.model.ModelConfig.Precision;
import org.duovox.units.Codebook;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;

/// A unit language model in memory, with its [ModelCard]. Belongs to the thread that made it, which
/// must close it.
public final class UnitModel implements AutoCloseable {
  // A pretrained model need not have this head.
  private static final String CLASS_HEAD = "heads.classification.";

  private final ModelCard card;
  private final NativeModel model;

  /// @throws DuovoxException (BAD_CONFIG) when no device of this kind computes in the precision
  private UnitModel(ModelCard card, Precision precision, Device device) {
    if (precision == Precision.FP16 && device == Device.CPU) {
      throw DuovoxException.config(
          "model.precision fp16 needs a GPU (--device cuda); on the CPU set it to fp32 or bf16");
    }
    this.card = card;
    this.model = newNative(card.model().with(draft -> draft.precision = precision), device);
  }

  /// Makes the native model of a shape, with initial parameters; the caller closes it.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when the vocabularies or the layout of the heads are not
  ///   set
  public static NativeModel newNative(ModelConfig config, Device device) {
    if (config.contextualCodes() == 0 || (config.bothStreams() && config.phoneticCodes() == 0)) {
      throw DuovoxException.config(
          "model: the vocabularies are not set; fit the model to a corpus");
    }
    if (config.headLayout() == HeadLayout.AUTO) {
      throw DuovoxException.config(
          "model: head_layout is auto, which the objectives of a training decide; set split or"
              + " concatenated");
    }
    return new NativeModel(nativeConfig(config, device));
  }

  /// Enums become their ordinals, which are the numbers of the header's enums.
  private static NativeModel.Config nativeConfig(ModelConfig config, Device device) {
    NativeModel.Config values = new NativeModel.Config();
    values.kind = config.kind().ordinal();
    copySizes(config, values);
    copyHeads(config, values);
    copyInteraction(config, values);
    values.phoneticPooling = config.phoneticPooling().ordinal();
    values.unitEmbedding = config.unitEmbedding().ordinal();
    values.sharedStacks = config.sharedStacks();
    values.dropout = config.dropout();
    values.layerNormEpsilon = config.layerNormEpsilon();
    values.precision = config.precision().ordinal();
    values.device = device;
    values.seed = config.seed();
    return values;
  }

  private static void copySizes(ModelConfig config, NativeModel.Config values) {
    values.contextualCodes = config.contextualCodes();
    values.phoneticCodes = config.phoneticCodes();
    values.layers = config.layers();
    values.hidden = config.hidden();
    values.heads = config.heads();
    values.feedForward = config.feedForward();
    values.maxPositions = config.maxPositions();
    values.typeEmbeddings = config.typeEmbeddings();
    values.phoneticEmbedding = config.phoneticEmbedding();
    values.representationWidth = config.representationWidth();
    values.phoneticWidth = config.phoneticWidth();
  }

  private static void copyHeads(ModelConfig config, NativeModel.Config values) {
    values.classes = config.classes();
    values.classPooling = config.classPooling().ordinal();
    values.headLayout = config.headLayout().ordinal();
    values.headWidth = config.headWidth();
    values.headSpecials = config.headSpecials();
  }

  private static void copyInteraction(ModelConfig config, NativeModel.Config values) {
    values.interaction = config.interaction().ordinal();
    values.interactionActivation = config.interactionActivation().ordinal();
    values.interactionSplit = config.interactionSplit();
    values.interactionBias = config.interactionBias();
  }

  /// Makes a new model that reads the units of a corpus and holds the corpus's codebooks.
  ///
  /// @throws DuovoxException (BAD_CONFIG) when the corpus does not fit the configuration
  public static UnitModel create(
      ModelConfig config, Corpus corpus, List<String> labels, Device device) {
    ModelConfig fitted = config.fitTo(corpus);
    Corpus view = fitted.view(corpus);
    UnitModel model = new UnitModel(ModelCard.of(fitted, view, labels), fitted.precision(), device);
    try {
      model.writeCodebook("contextual.codebook", Optional.of(view.contextual()));
      model.writeCodebook("phonetic.codebook", view.phonetic());
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /// Reads the folder of a model; it computes in float32, whatever it was trained in.
  public static UnitModel load(Path folder, Device device) {
    return load(folder, Precision.FP32, device);
  }

  /// Reads the folder of a model, which is to compute in this precision.
  public static UnitModel load(Path folder, Precision precision, Device device) {
    return filled(ModelFiles.card(folder), folder, precision, device, name -> false);
  }

  /// Makes a model with a new classification head and all other tensors of a pretrained one.
  public static UnitModel withNewHead(
      Path pretrained, ModelConfig config, List<String> labels, Device device) {
    ModelCard card = ModelFiles.card(pretrained).with(config, labels);
    return filled(
        card, pretrained, config.precision(), device, name -> name.startsWith(CLASS_HEAD));
  }

  private static UnitModel filled(
      ModelCard card,
      Path folder,
      Precision precision,
      Device device,
      Predicate<String> mayDiffer) {
    UnitModel model = new UnitModel(card, precision, device);
    try {
      ModelFiles.load(model, folder, mayDiffer);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  public ModelCard card() {
    return card;
  }

  public ModelConfig config() {
    return card.model();
  }

  /// The special ids of its vocabulary.
  public UnitIds ids() {
    return UnitIds.of(card.model());
  }

  /// The native model, for trainers.
  public NativeModel nativeModel() {
    return model;
  }

  /// Names of all tensors, in a fixed order.
  public List<String> tensors() {
    return model.parameters().stream().map(NativeTensor::name).toList();
  }

  /// The number of values of all tensors together, codebooks included.
  public long elements() {
    return model.parameters().stream().mapToLong(NativeTensor::elements).sum();
  }

  /// Values of a tensor, row-major.
  public float[] read(String name) {
    return model.read(parameter(name).orElseThrow(() -> unknown(name)));
  }

  /// Replaces the values of a tensor.
  public void write(String name, float[] values) {
    model.write(parameter(name).orElseThrow(() -> unknown(name)), values);
  }

  /// Replaces all tensors by those of the folder of a model of the same shape.
  ///
  /// @throws DuovoxException (BAD_DATA) that lists what is missing, unknown or of another shape
  public void fill(Path folder) {
    ModelFiles.load(this, folder, name -> false);
  }

  /// Publishes the model as a folder.
  public void save(Path folder) {
    ModelFiles.save(this, folder);
  }

  @Override
  public void close() {
    model.close();
  }

  private void writeCodebook(String name, Optional<CorpusStream> stream) {
    Optional<Codebook> codebook = stream.flatMap(CorpusStream::codebook);
    Optional<NativeTensor> buffer = parameter(name);
    if (codebook.isPresent() && buffer.isPresent()) {
      model.write(buffer.get(), codebook.get().centroids());
    }
  }

  private Optional<NativeTensor> parameter(String name) {
    return model.parameters().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private static DuovoxException unknown(String name) {
    return DuovoxException.badData("the model has no tensor '" + name + "'");
  }
}
