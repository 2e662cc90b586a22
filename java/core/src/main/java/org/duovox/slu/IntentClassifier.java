package org.duovox.slu;

import java.nio.file.Path;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.internal.NativeRuntime;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.model.ModelConfig;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.train.TrainHost;
import org.duovox.train.Training;
import org.duovox.train.run.RunFolder;
import org.duovox.units.corpus.Corpus;

/// Trains a classifier of utterances on top of a pretrained model, and evaluates one.
///
/// The run folder is that of any training ([RunFolder]), and a model folder whose `config.json`
/// names the labels. Training runs on the calling thread; interrupting it saves the run and ends it
/// between two steps.
public final class IntentClassifier {
  private IntentClassifier() {}

  /// Trains on a corpus of training utterances, or resumes that.
  ///
  /// @param pretrained folder of the pretrained model
  /// @param field of the utterances that holds the class; [Slots#field()] for several columns,
  ///   whose combinations in training are the classes
  /// @param run to begin or to resume; the caller closes it
  public static Training.Result train(
      Path pretrained,
      Corpus training,
      String field,
      SluConfig config,
      RunFolder run,
      TrainHost host) {
    if (config.threads() > 0) {
      NativeRuntime.setThreads(config.threads());
    }
    Corpus labeled = Slots.of(field).joined(training, Gold.KNOWN);
    IntentData data = IntentData.of(labeled, field);
    ModelConfig shape =
        ModelFiles.card(pretrained)
            .model()
            .withClasses(data.labels().size(), config.pooling(), config.dropout(), config.seed());
    try (UnitModel model = UnitModel.withNewHead(pretrained, shape, data.labels(), host.device())) {
      Corpus view = model.card().view(labeled);
      String weights = Hashes.sha256(pretrained.resolve(ModelFiles.TENSORS));
      return new Training(new IntentTask(config, model, view, data, weights), run, host).run();
    }
  }

  /// Returns a prediction for every utterance of a corpus, in its order.
  ///
  /// @param run folder of a trained classifier
  /// @throws DuovoxException (BAD_DATA) when a label did not occur in training or the units are of
  ///   other codebooks
  public static List<Prediction> evaluate(Path run, Corpus corpus, Device device) {
    return evaluate(run, corpus, Gold.KNOWN, device);
  }

  /// The same for utterances that may have labels of which the classifier knows nothing, or none.
  public static List<Prediction> evaluate(Path run, Corpus corpus, Gold gold, Device device) {
    requireClassifier(run);
    try (UnitModel model = UnitModel.load(run, device)) {
      List<String> labels = model.card().labels();
      return new Predictor(model, new IntentData(field(run), labels))
          .predict(slots(run).joined(model.card().view(corpus), gold), gold);
    }
  }

  /// Refuses the folder of a model without classes.
  ///
  /// @throws DuovoxException (BAD_DATA) that says so
  public static void requireClassifier(Path run) {
    if (ModelFiles.card(run).labels().isEmpty()) {
      throw DuovoxException.badData(
          run + " is not a classifier: it has no labels; train one with slu train");
    }
  }

  /// Returns the label columns of a classifier.
  public static Slots slots(Path run) {
    return Slots.of(field(run));
  }

  private static String field(Path run) {
    return Json.read(run.resolve(RunFolder.SETTINGS), IntentTask.Settings.class).field();
  }
}
