package org.duovox.cli.world;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.config.Settings;
import org.duovox.report.Wording;
import org.duovox.world.WorldConfig;
import org.duovox.world.WorldMaker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox make-world`: makes a spoken microworld, speech whose meaning is known.
@Command(
    name = "make-world",
    description = {
      "Makes a spoken microworld: utterances whose words have known meanings, for training and for"
          + " sSIMI.",
      "",
      "Text-to-speech programs (flite, espeak-ng or your own) speak sentences in which words of a"
          + " class stand in the",
      "same places. The same command goes on after an interruption. See docs/microworld.md."
    },
    footer = {
      "  duovox make-world --out world",
      "  duovox make-world --out small --set world.utterances=500 --set world.classes=4",
      "  duovox make-world --out world3 --config world.yaml"
          + " --set 'speech.voices=[flite:slt, espeak-ng:de]'"
    })
public final class MakeWorldCommand extends Verb {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the world: train, semantic, intents, world.json.")
  private Path out;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML with the sections world, text, speech, test, intents.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "A setting that wins over the file, e.g. world.seed=2; repeatable.")
  private List<String> settings = List.of();

  @Mixin private SpeechJobs jobs;

  /// The result.
  record Result(WorldMaker.Summary world, long spoken, double seconds) implements Summary {
    @Override
    public void print(PrintWriter out) {
      out.println(
          Wording.format(
              "%s %s: %s of train (%.2f h) by %s",
              Wording.wroteOrReused(world.reused()),
              world.out(),
              Wording.count(world.utterances(), "utterance"),
              world.hours(),
              String.join(", ", world.voices())));
      out.println(
          Wording.format(
              "%s in %d classes of %s; %s",
              Wording.count(world.words(), "word"),
              world.classes(),
              String.join(", ", world.languages()),
              tests()));
      if (spoken > 0) {
        out.println(
            Wording.format(
                "spoke %s in %s, %.1f a second",
                Wording.count(spoken, "file"), Wording.duration(seconds), spoken / seconds));
      }
    }

    private String tests() {
      String intents =
          world.intents() == 0
              ? "no intents"
              : Wording.format(
                  "%d intents in %s of %s",
                  world.intents(),
                  Wording.count(world.intentUtterances(), "utterance"),
                  Wording.count(world.intentSpeakers(), "speaker"));
      return Wording.format(
          "%d words in dev, %d in test; %s",
          world.testWords().get("dev"), world.testWords().get("test"), intents);
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.continuing(out);
  }

  @Override
  protected void checkOptions() {
    jobs.check();
  }

  @Override
  protected Object execute() {
    WorldMaker maker = new WorldMaker(config());
    try (SpeechProgress progress = new SpeechProgress(this, "make-world")) {
      WorldMaker.Summary summary = maker.make(out, mayReplace(), jobs.workers(), progress);
      return new Result(summary, progress.spoken(), progress.seconds());
    }
  }

  private WorldConfig config() {
    Settings read = Settings.read(config, settings, WorldConfig.SECTIONS);
    WorldConfig base = WorldConfig.defaults();
    return new WorldConfig(
        read.section("world", WorldConfig.Scope.class, base.world()),
        read.section("text", WorldConfig.Text.class, base.text()),
        read.section("speech", WorldConfig.Speech.class, base.speech()),
        read.section("test", WorldConfig.Test.class, base.test()),
        read.section("intents", WorldConfig.Intents.class, base.intents()));
  }
}
