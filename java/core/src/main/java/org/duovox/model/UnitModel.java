package org.duovox.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeModel;
import org.duovox.units.Codebook;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusStream;

/// A unit language model in memory, with what is known about its units. Owned by the thread that
/// made it; close it.
public final class UnitModel implements AutoCloseable {
  // The one head that a pretrained model need not have.
  private static final String CLASS_HEAD = "heads.classification.";

  private final ModelCard card;
  private final NativeModel model;

  private UnitModel(ModelCard card, Precision precision, Device device) {
    precision.requireOn(device);
    this.card = card;
    ModelConfig computing = card.model().with(draft -> draft.precision = precision);
    this.model = new NativeModel(NativeShape.of(computing, device));
  }

  /// A new model that reads the units of a corpus; its codebook buffers hold the corpus's
  /// codebooks.
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

  /// Reads the folder of a model, to compute in this precision.
  public static UnitModel load(Path folder, Precision precision, Device device) {
    return filled(ModelFiles.card(folder), folder, precision, device, name -> false);
  }

  /// A model with a new classification head and the rest of a pretrained one.
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
    return model.parameters().stream().map(NativeModel.Parameter::name).toList();
  }

  /// Values of all tensors together, codebooks included.
  public long elements() {
    return model.parameters().stream().mapToLong(NativeModel.Parameter::elements).sum();
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
    Optional<NativeModel.Parameter> buffer = parameter(name);
    if (codebook.isPresent() && buffer.isPresent()) {
      model.write(buffer.get(), codebook.get().centroids());
    }
  }

  private Optional<NativeModel.Parameter> parameter(String name) {
    return model.parameters().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  private static DuovoxException unknown(String name) {
    return DuovoxException.badData("the model has no tensor '" + name + "'");
  }
}
