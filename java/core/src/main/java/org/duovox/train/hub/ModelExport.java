package org.duovox.train.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import org.duovox.DuovoxException;
import org.duovox.internal.Device;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.atomic.PendingDirectory;
import org.duovox.io.json.Json;
import org.duovox.model.HubConfig;
import org.duovox.model.ModelCard;
import org.duovox.model.ModelFiles;
import org.duovox.model.UnitModel;
import org.duovox.train.run.RunFolder;

/// Writes a model as a folder in the layout of the Hugging Face Hub: `config.json`,
/// `model.safetensors` and `README.md`, a model card.
///
/// The model is read completely first, so that only one that is whole and finite is published. The
/// folder can be read wherever a model is expected.
public final class ModelExport {
  /// Name of the model card.
  public static final String README = "README.md";

  /// The folder that was written, and its model.
  public record Result(Path folder, long parameters, ModelCard card) {}

  private ModelExport() {}

  /// Exports the model of a run, or of any model folder.
  ///
  /// @param run with `config.json` and `model.safetensors`; its other files (metrics, settings,
  ///   predictors) go into the card
  /// @param name of the model in its card
  /// @param license identifier of the Hub, such as apache-2.0, or "unknown"
  public static Result write(Path run, Path target, String name, String license) {
    requireFinished(run);
    try (UnitModel model = UnitModel.load(run, Device.CPU);
        PendingDirectory pending = AtomicFiles.createDirectory(target)) {
      ModelFiles.write(model, pending.path());
      AtomicFiles.write(
          pending.path().resolve(ModelFiles.CONFIG), Json.pretty(HubConfig.of(model.card())));
      long parameters =
          model.nativeModel().parameters().stream()
              .filter(p -> p.trainable())
              .mapToLong(p -> p.elements())
              .sum();
      AtomicFiles.write(
          pending.path().resolve(README),
          new HubCard(model.card(), parameters, run, name, license).text());
      pending.commit();
      return new Result(target, parameters, model.card());
    }
  }

  private static void requireFinished(Path run) {
    boolean started = Files.isRegularFile(run.resolve(RunFolder.SETTINGS));
    if (started && !Files.isRegularFile(run.resolve(ModelFiles.TENSORS))) {
      throw DuovoxException.missing(
          ("%s has no %s yet: the run is not done. Go on with it (duovox pretrain --resume), or"
                  + " name one of its folders %s/best-... or step-...")
              .formatted(run, ModelFiles.TENSORS, RunFolder.CHECKPOINTS));
    }
  }
}
