package org.duovox.cli.units;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard;
import org.duovox.cli.console.OutputGuard.Form;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Progress;
import org.duovox.cli.console.Verb;
import org.duovox.cli.console.Verb.Summary;
import org.duovox.report.Wording;
import org.duovox.speech.extract.FeatureMerge;
import org.duovox.speech.extract.FeatureReuse;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `duovox merge`: joins the shards of an extraction into one feature folder.
@Command(
    name = "merge",
    description = {
      "Joins the parts that 'duovox features --shard i/N' has written into one feature folder.",
      "",
      "All N parts must be there, whole, and of one manifest and the same settings. The result has"
          + " the bytes that one",
      "run over the whole manifest gives, whatever N is."
    },
    footer = "  duovox merge parts/ --out features/")
public final class MergeCommand extends Verb {
  @Parameters(
      paramLabel = "DIR",
      arity = "1",
      description = "What --out of 'duovox features --shard' named.")
  private Path shards;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
  private Path out;

  private record Result(
      String out,
      String encoder,
      int utterances,
      Map<String, Long> frames,
      double seconds,
      boolean reused,
      int skipped)
      implements Summary {
    @Override
    public void print(PrintWriter writer) {
      writer.println(
          Wording.format(
              "%s %s: %s of %s, %s of audio",
              Wording.wroteOrReused(reused),
              out,
              Wording.count(utterances, "utterance"),
              encoder,
              Wording.duration(seconds)));
      AudioOptions.printSkipped(writer, skipped, utterances, out);
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.comparing(Form.FOLDER, out);
  }

  @Override
  protected Object execute() {
    if (out.toAbsolutePath().normalize().startsWith(shards.toAbsolutePath().normalize())) {
      throw DuovoxException.usage("--out must not lie in the folder of the parts, " + shards);
    }
    if (isKept(out)) {
      return reused();
    }
    try (Progress progress = progress("merge", -1, "parts")) {
      return result(
          FeatureMerge.run(shards, out, (done, total) -> progress.update(done, total, "")), false);
    }
  }

  private Result reused() {
    String difference = FeatureReuse.difference(out, shards);
    if (!difference.isEmpty()) {
      throw OutputGuard.refused(out, difference);
    }
    try (FeatureSet set = FeatureSet.open(out)) {
      return result(set.manifest(), true);
    }
  }

  private Result result(FeatureManifest manifest, boolean reused) {
    return new Result(
        out.toString(),
        manifest.encoder(),
        manifest.utterances(),
        manifest.frames(),
        manifest.seconds(),
        reused,
        manifest.skipped());
  }
}
