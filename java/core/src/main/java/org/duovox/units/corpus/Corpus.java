package org.duovox.units.corpus;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.io.json.Json;
import org.duovox.units.Codebook;
import org.duovox.units.CodebookUse;
import org.duovox.units.UnitStream;
import org.duovox.units.sets.IndexFile;
import org.duovox.units.sets.ManifestChecks;
import org.duovox.units.sets.UnitSet;

/// A corpus, which models are trained on: utterances as merged contextual tokens with their
/// phonetic units.
///
/// Utterances are read from the folder, and checked, when they are asked for. Safe for use by
/// several threads.
///
/// On disk a folder: `manifest.json`, `index.jsonl`, `contextual.safetensors` and
/// `phonetic.safetensors` (copies of both codebooks, where there are any) and shards
/// `corpus-00000.safetensors` with the tensors `contextual`, `durations`, `phonetic`,
/// `phonetic_start`, `phonetic_end` (I32; start and end count within the utterance's phonetic
/// units), `offsets` and `phonetic_offsets` (I64; where each utterance begins, and the end). A
/// corpus that keeps continuous features has `features-00000.safetensors` beside each shard, with
/// the tensor `means` (F16 or F32; tokens, width).
public final class Corpus {
  static final String CONTEXTUAL_CODEBOOK = "contextual.safetensors";
  static final String PHONETIC_CODEBOOK = "phonetic.safetensors";
  static final String FEATURES = "means";

  private final CorpusStream contextual;
  private final Optional<CorpusStream> phonetic;
  private final Optional<CorpusManifest.Features> features;
  private final List<UnitUtterance> utterances;

  private Corpus(
      CorpusStream contextual,
      Optional<CorpusStream> phonetic,
      Optional<CorpusManifest.Features> features,
      List<UnitUtterance> utterances) {
    this.contextual = contextual;
    this.phonetic = phonetic;
    this.features = features;
    this.utterances = utterances;
  }

  private Corpus with(List<UnitUtterance> others) {
    return new Corpus(contextual, phonetic, features, others);
  }

  /// A corpus of utterances in memory; every unit must be of its vocabulary.
  public static Corpus of(
      CorpusStream contextual, CorpusStream phonetic, List<UnitUtterance> utterances) {
    for (UnitUtterance utterance : utterances) {
      CorpusShard.check(utterance, contextual.vocabulary(), phonetic.vocabulary(), "corpus");
    }
    return new Corpus(contextual, Optional.of(phonetic), Optional.empty(), List.copyOf(utterances));
  }

  /// Opens a folder and checks codebooks, index, places and counts against the manifest; units are
  /// checked when an utterance is asked for.
  public static Corpus open(Path folder) {
    CorpusManifest manifest = manifest(folder);
    CorpusStream contextual = stream(folder, CONTEXTUAL_CODEBOOK, manifest.contextual());
    CorpusStream phonetic = stream(folder, PHONETIC_CODEBOOK, manifest.phonetic());
    List<IndexFile.Entry> index = IndexFile.read(folder);
    long tokens = index.stream().mapToLong(IndexFile.Entry::frames).sum();
    if (index.size() != manifest.utterances() || tokens != manifest.tokens()) {
      throw DuovoxException.badData(
          "%s: the manifest says %d utterances and %d tokens, the files hold %d and %d"
              .formatted(folder, manifest.utterances(), manifest.tokens(), index.size(), tokens));
    }
    Optional<CorpusManifest.Features> features = Optional.ofNullable(manifest.contextualFeatures());
    List<CorpusShard> shards = shards(folder, index, features);
    ManifestChecks.requireShards(folder, manifest.shards(), shards.size());
    return new Corpus(
        contextual,
        Optional.of(phonetic),
        features,
        new LazyList<>(
            index.size(),
            i ->
                shards
                    .get(index.get(i).shard())
                    .utterance(index.get(i), manifest.contextual(), manifest.phonetic())));
  }

  private static List<CorpusShard> shards(
      Path folder, List<IndexFile.Entry> index, Optional<CorpusManifest.Features> features) {
    List<CorpusShard> shards = new ArrayList<>();
    for (IndexFile.Entry entry : index) {
      if (entry.shard() == shards.size()) {
        Optional<TokenFeatures.Shard> rows =
            features.map(known -> rows(folder.resolve(features(entry.shard())), known));
        shards.add(CorpusShard.open(folder.resolve(shard(entry.shard())), rows));
      }
      shards.get(entry.shard()).requirePlace(entry);
    }
    return shards;
  }

  private static TokenFeatures.Shard rows(Path file, CorpusManifest.Features known) {
    TokenFeatures.Shard rows = TokenFeatures.Shard.open(file, FEATURES);
    if (rows.width() != known.width()) {
      throw DuovoxException.badData(
          "%s: has %d values per token, the manifest says %d"
              .formatted(file, rows.width(), known.width()));
    }
    return rows;
  }

  /// The manifest of a corpus folder.
  public static CorpusManifest manifest(Path folder) {
    Path file = folder.resolve(UnitSet.MANIFEST);
    ManifestChecks.requireFormat(file, CorpusManifest.FORMAT, "a corpus");
    return Json.read(file, CorpusManifest.class);
  }

  static String shard(int number) {
    return "corpus-%05d.safetensors".formatted(number);
  }

  static String features(int number) {
    return "features-%05d.safetensors".formatted(number);
  }

  /// The description of the continuous features of the contextual tokens; empty when there are
  /// none.
  public Optional<CorpusManifest.Features> features() {
    return features;
  }

  /// The contextual stream, or the only one of a [single][#single(UnitStream)] view.
  public CorpusStream contextual() {
    return contextual;
  }

  /// The phonetic stream; empty in a single view.
  public Optional<CorpusStream> phonetic() {
    return phonetic;
  }

  /// Number of phonetic codes, 0 in a single view.
  public int phoneticVocabulary() {
    return phonetic.map(CorpusStream::vocabulary).orElse(0);
  }

  public int size() {
    return utterances.size();
  }

  public UnitUtterance utterance(int index) {
    return utterances.get(index);
  }

  public List<UnitUtterance> utterances() {
    return utterances;
  }

  /// Returns the utterances that meet a condition, in the same order.
  public Corpus filter(Predicate<UnitUtterance> condition) {
    return select(IntStream.range(0, size()).filter(i -> condition.test(utterances.get(i))));
  }

  /// Returns the utterances at these indices, in that order.
  public Corpus select(IntStream indices) {
    return with(LazyList.select(utterances, indices.toArray()));
  }

  /// Returns the same with every utterance changed when it is asked for.
  ///
  /// @param change safe for use by several threads; keeps the units
  public Corpus map(UnaryOperator<UnitUtterance> change) {
    return with(LazyList.map(utterances, change));
  }

  /// Returns the same with all utterances in memory, so that getting one allocates nothing.
  public Corpus inMemory() {
    return with(List.copyOf(utterances));
  }

  /// Returns one stream alone, for single-stream models: the merged contextual tokens, or all
  /// phonetic units of an utterance with equal neighbors collapsed. Durations of the phonetic view
  /// are estimates, because they are not kept: the units of a token share its time evenly.
  public Corpus single(UnitStream stream) {
    if (stream == UnitStream.CONTEXTUAL) {
      return new Corpus(
          contextual,
          Optional.empty(),
          features,
          LazyList.map(utterances, u -> alone(u, u.contextual(), u.durations(), u.features())));
    }
    CorpusStream only =
        phonetic.orElseThrow(() -> DuovoxException.badData("the corpus has no phonetic stream"));
    return new Corpus(
        only,
        Optional.empty(),
        Optional.empty(),
        LazyList.map(utterances, u -> phoneticAlone(u, ratio(only))));
  }

  /// Counts the units of a stream.
  public CodebookUse.Counter countUnits(UnitStream stream) {
    boolean coarse = stream == UnitStream.CONTEXTUAL;
    CodebookUse.Counter counter =
        new CodebookUse.Counter(coarse ? contextual.vocabulary() : phoneticVocabulary());
    utterances.forEach(u -> counter.add(coarse ? u.contextual() : u.phonetic()));
    return counter;
  }

  /// Returns how many phonetic frames a contextual one lasts.
  private double ratio(CorpusStream fine) {
    return contextual.features().intervalMs() / fine.features().intervalMs();
  }

  private static UnitUtterance phoneticAlone(UnitUtterance utterance, double ratio) {
    int[] units = Merge.collapse(utterance.phonetic());
    int[] durations = Merge.collapsedDurations(utterance, ratio);
    return alone(utterance, units, durations, Optional.empty());
  }

  private static UnitUtterance alone(
      UnitUtterance utterance, int[] units, int[] durations, Optional<TokenFeatures> kept) {
    int[] none = new int[0];
    return new UnitUtterance(
        utterance.id(),
        units,
        durations,
        none,
        none,
        none,
        utterance.samples(),
        utterance.fields(),
        utterance.audioSha256(),
        kept);
  }

  private static CorpusStream stream(Path folder, String file, CorpusManifest.Stream described) {
    Optional<Codebook> codebook =
        ManifestChecks.codebook(
            folder.resolve(file), described.codebookSha256(), described.vocabulary());
    return new CorpusStream(described.features(), described.vocabulary(), codebook);
  }

  /// A list whose elements are made each time they are asked for, so that only the utterances in
  /// use take memory.
  private static final class LazyList<T> extends AbstractList<T> implements RandomAccess {
    private final int size;
    private final IntFunction<T> element;

    /// @param element safe for use by several threads
    LazyList(int size, IntFunction<T> element) {
      this.size = size;
      this.element = element;
    }

    @Override
    public T get(int index) {
      Objects.checkIndex(index, size);
      return element.apply(index);
    }

    @Override
    public int size() {
      return size;
    }

    /// Returns the elements, each changed when it is asked for.
    static <T> LazyList<T> map(List<T> list, UnaryOperator<T> change) {
      return new LazyList<>(list.size(), i -> change.apply(list.get(i)));
    }

    /// Returns the elements at these indices.
    static <T> LazyList<T> select(List<T> list, int[] indices) {
      return new LazyList<>(indices.length, i -> list.get(indices[i]));
    }
  }
}
