package org.duovox.units.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.duovox.DuovoxException;
import org.duovox.units.FeatureLayer;
import org.duovox.units.UtteranceInfo;
import org.duovox.units.sets.UnitManifest;
import org.duovox.units.sets.UnitSet;

/// Builds a corpus: aligns and merges two unit sets of the same audio.
public final class CorpusBuilder {
  private final UnitSet contextual;
  private final UnitSet phonetic;
  private final AlignConfig config;
  private final FrameAligner aligner;
  private final PairLengths lengths;
  private final Merge merge;
  private final Optional<TokenMeans> means;
  private final FeatureType featureType;
  private final Map<String, Integer> phoneticIds = new HashMap<>();
  private final List<CorpusManifest.Skipped> skipped = new ArrayList<>();
  private long before;
  private long after;
  private long cut;
  private long framesOfUnknownLength;

  /// Continuous features to keep for the contextual tokens.
  ///
  /// @param layer the features that the contextual units were made of
  /// @param type in which they are stored
  public record KeptFeatures(FeatureLayer layer, FeatureType type) {}

  private CorpusBuilder(
      UnitSet contextual, UnitSet phonetic, AlignConfig config, Optional<KeptFeatures> kept) {
    this.contextual = contextual;
    this.phonetic = phonetic;
    this.config = config;
    this.aligner =
        new FrameAligner(contextual.manifest().stream(), phonetic.manifest().stream(), config);
    this.lengths = new PairLengths(contextual.manifest().stream(), phonetic.manifest().stream());
    this.merge = new Merge(config, aligner.alignment());
    this.means = kept.map(features -> new TokenMeans(features.layer(), contextual));
    this.featureType = kept.map(KeptFeatures::type).orElse(FeatureType.FLOAT16);
    for (int i = 0; i < phonetic.utterances().size(); i++) {
      phoneticIds.put(phonetic.utterances().get(i).id(), i);
    }
  }

  /// Writes the corpus to `target` in the order of the contextual set. Utterances without a frame
  /// in either stream are skipped and named in the manifest.
  ///
  /// @param done receives the number of finished utterances
  /// @throws DuovoxException (BAD_DATA) when the sets were made from different audio, or nothing is
  ///   left
  public static Corpus build(
      UnitSet contextual, UnitSet phonetic, AlignConfig config, Path target, IntConsumer done) {
    return build(contextual, phonetic, config, Optional.empty(), target, done);
  }

  /// The same for a corpus that keeps the mean continuous feature of each contextual token.
  public static Corpus build(
      UnitSet contextual,
      UnitSet phonetic,
      AlignConfig config,
      Optional<KeptFeatures> kept,
      Path target,
      IntConsumer done) {
    return new CorpusBuilder(contextual, phonetic, config, kept).run(target, done);
  }

  private Corpus run(Path target, IntConsumer done) {
    List<UtteranceInfo> utterances = contextual.utterances();
    requireSameIds(utterances);
    contextual.verify();
    phonetic.verify();
    try (CorpusWriter writer =
        new CorpusWriter(target, means.map(TokenMeans::width).orElse(0), featureType)) {
      for (int i = 0; i < utterances.size(); i++) {
        Integer other = phoneticIds.get(utterances.get(i).id());
        if (other != null) {
          add(writer, i, other);
        }
        done.accept(i + 1);
      }
      if (writer.utterances() == 0) {
        throw DuovoxException.badData(
            "no utterance is left: %s"
                .formatted(skipped.isEmpty() ? "the sets are empty" : skipped.getFirst()));
      }
      writer.finish();
      writer.commit(manifest(writer), contextual.codebook(), phonetic.codebook());
    }
    return Corpus.open(target);
  }

  private void add(CorpusWriter writer, int index, int other) {
    UtteranceInfo coarse = contextual.utterances().get(index);
    UtteranceInfo fine = phonetic.utterances().get(other);
    requireSameAudio(coarse, fine);
    lengths.require(coarse, fine);
    Optional<String> unusable = unusable(coarse.frames(), fine.frames());
    if (unusable.isPresent()) {
      skipped.add(new CorpusManifest.Skipped(coarse.id(), unusable.get()));
      return;
    }
    FrameAligner.AlignedFrames aligned =
        aligner.align(coarse.id(), coarse.frames(), phonetic.units(other));
    before += aligned.before();
    after += aligned.after();
    cut += aligned.cut();
    framesOfUnknownLength += Math.max(coarse.samples(), fine.samples()) == 0 ? coarse.frames() : 0;
    UnitUtterance merged = merge.merge(joined(coarse, fine), contextual.units(index), aligned);
    if (means.isPresent()) {
      writer.add(merged, means.get().of(merged, coarse.frames()));
    } else {
      writer.add(merged);
    }
  }

  /// Joins what both sets know about an utterance; an imported set may lack length or identity of
  /// the audio.
  static UtteranceInfo joined(UtteranceInfo coarse, UtteranceInfo fine) {
    return new UtteranceInfo(
        coarse.id(),
        coarse.frames(),
        Math.max(coarse.samples(), fine.samples()),
        coarse.fields(),
        coarse.audioSha256().isEmpty() ? fine.audioSha256() : coarse.audioSha256());
  }

  private static void requireSameAudio(UtteranceInfo coarse, UtteranceInfo fine) {
    boolean known = coarse.samples() > 0 && fine.samples() > 0;
    if (known && coarse.samples() != fine.samples()) {
      throw DuovoxException.badData(
          ("%s: the contextual units are of %d samples of audio, the phonetic ones of %d;"
                  + " make both from the same files")
              .formatted(coarse.id(), coarse.samples(), fine.samples()));
    }
    boolean summed = !coarse.audioSha256().isEmpty() && !fine.audioSha256().isEmpty();
    if (summed && !coarse.audioSha256().equals(fine.audioSha256())) {
      throw DuovoxException.badData(
          ("%s: the contextual units are of audio with the sum %s, the phonetic ones of %s: the"
                  + " files differ; make both from the same files")
              .formatted(coarse.id(), coarse.audioSha256(), fine.audioSha256()));
    }
  }

  private Optional<String> unusable(int contextualFrames, int phoneticFrames) {
    return contextualFrames == 0 || phoneticFrames == 0
        ? Optional.of(
            "too short: %d contextual and %d phonetic frames"
                .formatted(contextualFrames, phoneticFrames))
        : aligner.rejection(contextualFrames, phoneticFrames);
  }

  private void requireSameIds(List<UtteranceInfo> utterances) {
    Map<String, Integer> onlyPhonetic = new HashMap<>(phoneticIds);
    List<String> unmatched = new ArrayList<>();
    for (UtteranceInfo utterance : utterances) {
      if (onlyPhonetic.remove(utterance.id()) == null) {
        unmatched.add(utterance.id());
        skipped.add(new CorpusManifest.Skipped(utterance.id(), "has no phonetic units"));
      }
    }
    for (String id : onlyPhonetic.keySet().stream().sorted().toList()) {
      unmatched.add(id);
      skipped.add(new CorpusManifest.Skipped(id, "has no contextual units"));
    }
    if (!unmatched.isEmpty() && !config.skipUnmatched()) {
      throw DuovoxException.badData(
          ("the unit sets are not of the same audio: %d utterance(s) are in one set only, e.g."
                  + " '%s'; make both from the same files, or allow skipping unmatched utterances")
              .formatted(unmatched.size(), unmatched.getFirst()));
    }
  }

  private CorpusManifest manifest(CorpusWriter writer) {
    CorpusManifest.Draft draft = new CorpusManifest.Draft();
    draft.contextual = describe(contextual);
    draft.phonetic = describe(phonetic);
    draft.align = config;
    draft.utterances = writer.utterances();
    draft.tokens = writer.tokens();
    draft.phoneticUnits = writer.phoneticUnits();
    draft.seconds =
        writer.seconds() + framesOfUnknownLength * contextual.manifest().intervalMs() / 1000;
    draft.framesBefore = before;
    draft.framesAfter = after;
    draft.framesCut = cut;
    draft.tokensWithoutPhonetic = merge.borrowed();
    draft.skipped = skipped;
    draft.shards = writer.shards();
    draft.contextualFeatures = means.map(kept -> describe(kept, writer)).orElse(null);
    return draft.finish();
  }

  private CorpusManifest.Features describe(TokenMeans kept, CorpusWriter writer) {
    return new CorpusManifest.Features(
        kept.stream(), kept.width(), featureType, writer.featuresSha256());
  }

  static CorpusManifest.Stream describe(UnitSet set) {
    UnitManifest manifest = set.manifest();
    return new CorpusManifest.Stream(
        manifest.stream(),
        manifest.vocabulary(),
        manifest.codebookSha256(),
        manifest.frames(),
        manifest.unitsSha256());
  }
}
