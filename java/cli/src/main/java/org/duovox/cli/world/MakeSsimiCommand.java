package org.duovox.cli.world;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.duovox.DuovoxException;
import org.duovox.cli.console.OutputGuard.Output;
import org.duovox.cli.console.Verb;
import org.duovox.report.Wording;
import org.duovox.world.SsimiSetMaker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `duovox make-ssimi`: makes a spoken set for sSIMI from word pairs with judgments.
@Command(
    name = "make-ssimi",
    description = {
      "Makes a set for sSIMI from word pairs with human judgments: every word spoken alone by every"
          + " voice.",
      "",
      "Writes semantic/dev/{gold.csv,pairs.csv,synthetic/*.wav}, the layout of ZeroSpeech 2021. The"
          + " same command goes",
      "on after an interruption."
    },
    footer = {
      "  duovox make-ssimi --pairs simlex999.csv --out simlex --voice flite:slt --voice"
          + " espeak-ng:en-us",
      "  duovox make-ssimi --pairs men.csv --out men --tts 'pico2wave -w {out} {text}'"
    })
public final class MakeSsimiCommand extends Verb {
  private static final String OWN_VOICE = "command:tts@und";

  @Option(
      names = "--pairs",
      required = true,
      paramLabel = "FILE",
      description =
          "CSV with columns word1, word2 and similarity, relatedness or score; repeatable.")
  private List<Path> pairs;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the set.")
  private Path out;

  @Option(
      names = "--voice",
      paramLabel = "VOICE",
      description =
          "Who speaks: flite:NAME, espeak-ng:NAME or command:NAME@LANGUAGE; repeatable. Default:"
              + " flite:slt, or the program of --tts.")
  private List<String> voices = List.of();

  @Option(
      names = "--tts",
      paramLabel = "COMMAND",
      description =
          "A text-to-speech program of yours, with {text} and {out} where the text and the WAV file"
              + " belong, and {voice} if it has several. No shell sees it.")
  private String tts;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "dev",
      description = "dev or test: the folder below semantic. Default: ${DEFAULT-VALUE}.")
  private String split;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "After this time a program that speaks one word is given up. Default: ${DEFAULT-VALUE}.")
  private int timeout;

  @Mixin private SpeechJobs jobs;

  /// The result.
  record Result(SsimiSetMaker.Summary set, long spoken, double seconds) implements Summary {
    @Override
    public void print(PrintWriter out) {
      out.println(
          Wording.format(
              "%s %s: %s of %s with %s, spoken by %s",
              Wording.wroteOrReused(set.reused()),
              set.out(),
              Wording.count(set.pairs(), "pair"),
              String.join(", ", set.datasets()),
              Wording.count(set.words(), "word"),
              String.join(", ", set.voices())));
      if (spoken > 0) {
        out.println(
            Wording.format(
                "spoke %s in %s", Wording.count(spoken, "file"), Wording.duration(seconds)));
      }
    }
  }

  @Override
  public List<Output> outputs() {
    return Output.continuing(out);
  }

  @Override
  protected void checkOptions() {
    jobs.check();
    if (timeout < 1) {
      throw DuovoxException.usage("--timeout must be at least 1, but is " + timeout);
    }
    if (!List.of("dev", "test").contains(split)) {
      throw DuovoxException.usage("--split must be dev or test, but is '" + split + "'");
    }
  }

  @Override
  protected Object execute() {
    List<String> names = voices;
    if (names.isEmpty()) {
      names = List.of(tts == null ? "flite:slt" : OWN_VOICE);
    }
    SsimiSetMaker maker = new SsimiSetMaker(split, pairs, names, tts == null ? "" : tts);
    try (SpeechProgress progress = new SpeechProgress(this, "make-ssimi")) {
      SsimiSetMaker.Summary summary =
          maker.make(out, mayReplace(), jobs.workers(), Duration.ofSeconds(timeout), progress);
      return new Result(summary, progress.spoken(), progress.seconds());
    }
  }
}
