package org.duovox.cli.model;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.duovox.cli.console.DeviceOption;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.model.UnitModel;
import org.duovox.model.forward.ForwardInputs;
import org.duovox.model.forward.ForwardPass;
import org.duovox.report.Wording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox forward`: runs a batch from a file through a model, for comparison with other programs.
@Command(
    name = "forward",
    description = {
      "Runs a batch from a safetensors file through a model, in evaluation mode, and writes the"
          + " outputs and, on demand, the gradient of the loss by every parameter.",
      "",
      "Inputs (I64 or I32): context_units (B, T); phonetic_units (B, P); start, end (B, T): index of"
          + " each token's first and last phonetic unit; labels (B, T): true units, -1 where no loss"
          + " is taken (may be left out); lengths, phonetic_lengths (B): where rows are padded. A"
          + " model of one stream reads context_units, labels and lengths only.",
      "",
      "Outputs: logits, context_output, phonetic_output, reconstruction of a model that reconstructs,"
          + " loss (1). Gradients are named as in the prototype for a model converted from it, else"
          + " as in the model's own file."
    },
    footer = {
      "  duovox forward --model run/ --inputs inputs.safetensors --outputs outputs.safetensors",
      "  duovox forward --model wpbert/ --inputs inputs.safetensors --outputs outputs.safetensors"
          + " --gradients gradients.safetensors"
    })
public final class ForwardCommand extends Verb {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a model: of 'duovox pretrain' or 'duovox convert'.")
  private Path model;

  @Option(names = "--inputs", required = true, paramLabel = "F", description = "File to read.")
  private Path inputs;

  @Option(
      names = "--outputs",
      required = true,
      paramLabel = "F",
      description = "File to write: what the model makes of the inputs.")
  private Path outputs;

  @Option(
      names = "--gradients",
      paramLabel = "F",
      description = "File to write: gradient of the loss by every parameter.")
  private Path gradients;

  @Mixin private DeviceOption deviceOption;

  private record Result(
      String outputs,
      String gradients,
      Double loss,
      List<ForwardPass.Written> outputTensors,
      List<ForwardPass.Written> gradientTensors,
      List<String> unread)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      if (loss != null) {
        writer.println(Wording.format("loss: %.6f", loss));
      }
      writer.println("wrote " + outputs + ":");
      outputTensors.forEach(tensor -> writer.println("  " + tensor.name() + " " + tensor.shape()));
      if (gradients != null) {
        writer.println(
            Wording.format(
                "wrote %s: %s", gradients, Wording.count(gradientTensors.size(), "tensor")));
      }
      if (!unread.isEmpty()) {
        writer.println("not read: " + Wording.firstTen(unread));
      }
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.refusing(Form.FILE, outputs, gradients);
  }

  @Override
  protected Object execute() {
    try (UnitModel loaded = UnitModel.load(model, deviceOption.ready())) {
      ForwardInputs batch = ForwardInputs.read(inputs, loaded.config());
      ForwardPass.Result result =
          new ForwardPass(loaded, batch).run(outputs, Optional.ofNullable(gradients));
      return new Result(
          outputs.toString(),
          gradients == null ? null : gradients.toString(),
          result.loss().orElse(null),
          result.outputs(),
          result.gradients(),
          batch.unread());
    }
  }
}
