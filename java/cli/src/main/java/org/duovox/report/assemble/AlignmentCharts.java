package org.duovox.report.assemble;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.report.Wording;
import org.duovox.report.chart.AlignmentChart;
import org.duovox.report.chart.AlignmentChart.Edge;
import org.duovox.report.chart.AlignmentChart.Frame;
import org.duovox.report.chart.AlignmentChart.Token;
import org.duovox.units.StreamInfo;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.corpus.AlignConfig;
import org.duovox.units.corpus.Corpus;
import org.duovox.units.corpus.CorpusManifest;
import org.duovox.units.corpus.FrameAligner;
import org.duovox.units.corpus.UnitUtterance;
import org.duovox.units.sets.UnitSet;

/// Makes charts of alignments: of an utterance of two unit sets frame by frame, or of one of a
/// corpus, whose merged phonetic units have no times of their own any more.
public final class AlignmentCharts {
  private static final double PICOSECONDS = 1e-12;

  private AlignmentCharts() {}

  /// Aligns an utterance of two unit sets.
  ///
  /// @param id the utterance, or null: the one whose length is nearest to two seconds
  public static AlignmentChart of(
      UnitSet contextual, UnitSet phonetic, AlignConfig config, String id) {
    StreamInfo coarse = contextual.manifest().stream();
    StreamInfo fine = phonetic.manifest().stream();
    int index = index(contextual.utterances(), id, contextual.folder().toString());
    String chosen = contextual.utterances().get(index).id();
    int other = index(phonetic.utterances(), chosen, phonetic.folder().toString());
    int[] units = contextual.units(index);
    int[] phones = phonetic.units(other);
    FrameAligner aligner = new FrameAligner(coarse, fine, config);
    Optional<String> rejected = aligner.rejection(units.length, phones.length);
    if (rejected.isPresent() || units.length == 0 || phones.length == 0) {
      throw DuovoxException.badData(
          chosen + ": is not aligned: " + rejected.orElse("one stream has no frame"));
    }
    FrameAligner.AlignedFrames aligned = aligner.align(chosen, units.length, phones);
    int[] tokenOf = new int[units.length];
    List<Token> tokens = tokens(units, coarse, config.mergeContextual(), tokenOf);
    List<Frame> frames =
        config.edges() == AlignConfig.Edges.PROTOTYPE
            ? counted(aligned, coarse, fine, tokenOf)
            : timed(aligned, fine, tokenOf);
    return new AlignmentChart(
        chosen, describe(coarse), describe(fine), note(config, aligned), tokens, frames);
  }

  /// Shows an utterance of a corpus: phonetic units in their order, spread evenly over their token.
  public static AlignmentChart of(Path folder, Corpus corpus, String id) {
    CorpusManifest manifest = Corpus.manifest(folder);
    List<UtteranceInfo> infos =
        corpus.utterances().stream()
            .map(u -> new UtteranceInfo(u.id(), u.tokens(), u.samples(), u.fields()))
            .toList();
    UnitUtterance utterance = corpus.utterance(index(infos, id, folder.toString()));
    StreamInfo coarse = manifest.contextual().features();
    List<Token> tokens = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    spread(utterance, coarse, tokens, frames);
    return new AlignmentChart(
        utterance.id(),
        describe(coarse),
        describe(manifest.phonetic().features()),
        "from the corpus: phonetic units as stored, in their order, spread evenly over their token",
        tokens,
        frames);
  }

  /// Adds tokens one after the other and their phonetic units in equal parts of the token.
  private static void spread(
      UnitUtterance utterance, StreamInfo stream, List<Token> tokens, List<Frame> frames) {
    double interval = stream.interval() * PICOSECONDS;
    double at = stream.offset() * PICOSECONDS - interval / 2;
    for (int t = 0; t < utterance.tokens(); t++) {
      int count = utterance.durations()[t];
      Token token = new Token(at, at + count * interval, utterance.contextual()[t], count);
      tokens.add(token);
      int first = utterance.start()[t];
      int units = utterance.end()[t] - first + 1;
      double step = (token.end() - token.start()) / units;
      for (int i = 0; i < units; i++) {
        double start = token.start() + i * step;
        int unit = utterance.phonetic()[first + i];
        frames.add(new Frame(start, start + step, unit, t, start + step / 2, Edge.NONE));
      }
      at = token.end();
    }
  }

  private static int index(List<UtteranceInfo> utterances, String id, String place) {
    if (id == null) {
      return ExampleUtterance.choose(utterances, utterance -> true)
          .orElseThrow(() -> DuovoxException.badData(place + ": no utterance has a frame"));
    }
    return IntStream.range(0, utterances.size())
        .filter(i -> utterances.get(i).id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            DuovoxException.badData(
                "%s: has no utterance '%s'; its first is '%s'"
                    .formatted(place, id, utterances.isEmpty() ? "" : utterances.getFirst().id())));
  }

  private static List<Token> tokens(int[] units, StreamInfo stream, boolean merge, int[] tokenOf) {
    double interval = stream.interval() * PICOSECONDS;
    double begin = stream.offset() * PICOSECONDS - interval / 2;
    List<Token> tokens = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= units.length; i++) {
      tokenOf[i - 1] = tokens.size();
      if (i == units.length || !merge || units[i] != units[first]) {
        double start = begin + first * interval;
        tokens.add(new Token(start, begin + i * interval, units[first], i - first));
        first = i;
      }
    }
    return tokens;
  }

  private static List<Frame> timed(
      FrameAligner.AlignedFrames aligned, StreamInfo stream, int[] tokenOf) {
    double interval = stream.interval() * PICOSECONDS;
    List<Frame> frames = new ArrayList<>();
    int length = aligned.units().length;
    for (int k = 0; k < length; k++) {
      double center = (stream.offset() + k * stream.interval()) * PICOSECONDS;
      boolean outside = k < aligned.before() || k >= length - aligned.after();
      frames.add(
          new Frame(
              center - interval / 2,
              center + interval / 2,
              aligned.units()[k],
              tokenOf[aligned.owner()[k]],
              center + aligned.shift() * PICOSECONDS,
              outside ? Edge.OUTSIDE : Edge.NONE));
    }
    return frames;
  }

  /// Returns frames where counting puts them: a fixed number to a contextual frame.
  private static List<Frame> counted(
      FrameAligner.AlignedFrames aligned, StreamInfo coarse, StreamInfo fine, int[] tokenOf) {
    double interval = fine.interval() * PICOSECONDS;
    double begin = coarse.offset() * PICOSECONDS - coarse.interval() * PICOSECONDS / 2;
    List<Frame> frames = new ArrayList<>();
    int length = aligned.units().length;
    for (int k = 0; k < length; k++) {
      double start = begin + k * interval;
      boolean repeated = k < aligned.before() || k >= length - aligned.after();
      frames.add(
          new Frame(
              start,
              start + interval,
              aligned.units()[k],
              tokenOf[aligned.owner()[k]],
              start + interval / 2,
              repeated ? Edge.REPEATED : Edge.NONE));
    }
    return frames;
  }

  private static String describe(StreamInfo stream) {
    return "%s, every %s ms from %s ms"
        .formatted(
            stream.name(), Wording.number(stream.intervalMs()), Wording.number(stream.offsetMs()));
  }

  private static String note(AlignConfig config, FrameAligner.AlignedFrames aligned) {
    if (config.edges() == AlignConfig.Edges.PROTOTYPE) {
      return "aligned by counting: %d repeated in front, %d at the end, %d cut"
          .formatted(aligned.before(), aligned.after(), aligned.cut());
    }
    String moved =
        aligned.shift() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", phonetic stream moved by %.2f ms", aligned.shift() / 1e9);
    return "aligned by time: a frame belongs to the span that holds its centre" + moved;
  }
}
