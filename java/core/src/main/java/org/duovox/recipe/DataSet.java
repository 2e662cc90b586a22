package org.duovox.recipe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.audio.manifest.Printable;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.Hashes;
import org.duovox.speech.extract.ExtractionOptions;

/// The utterances of a recipe with their fields, the folds they are divided into, and a hash of all
/// of their contents.
///
/// @param ignored files whose names do not fit `data.pattern`
record DataSet(
    List<Utterance> utterances, List<Fold> folds, String contentHash, List<String> ignored) {
  private static final int LISTED = 5;

  /// Reads the data of a recipe.
  ///
  /// @throws DuovoxException (MISSING_INPUT, BAD_DATA, BAD_CONFIG) when there is no usable
  ///   utterance or no fold
  static DataSet read(DataConfig config) {
    return read(config, all -> all);
  }

  /// Reads some utterances of the data of a recipe; all of them train.
  ///
  /// @param most how many, spread evenly
  static DataSet sample(DataConfig config, int most) {
    return read(config, all -> spread(all, most)).trainingAlone();
  }

  /// Returns how many utterances there are; of a pattern it does not look at which fit.
  static int count(DataConfig config) {
    return config.read().size() * (1 + config.shiftsMs().size());
  }

  /// Returns how many folds there will be.
  static int folds(DataConfig config) {
    return config.split().holdOut() == null ? 1 : read(config).folds().size();
  }

  private static List<Utterance> spread(List<Utterance> all, int most) {
    int count = Math.min(most, all.size());
    return IntStream.range(0, count)
        .mapToObj(i -> all.get((int) ((long) all.size() * i / count)))
        .toList();
  }

  private DataSet trainingAlone() {
    return new DataSet(utterances, List.of(Fold.ALL), contentHash, ignored);
  }

  private static DataSet read(DataConfig config, UnaryOperator<List<Utterance>> choice) {
    DataSet data = listed(config);
    List<Utterance> all = choice.apply(new Shifts(config.shiftsMs()).expand(data.utterances()));
    return new DataSet(all, data.folds(), hash(all), data.ignored());
  }

  /// Reads which utterances there are, without a look at their audio, which is not hashed.
  static DataSet listed(DataConfig config) {
    Manifest manifest = config.read();
    List<String> ignored = new ArrayList<>();
    List<Utterance> utterances =
        config.pattern() == null
            ? manifest.utterances()
            : withFields(manifest, FileNamePattern.of(config.pattern()), ignored);
    if (utterances.isEmpty()) {
      throw DuovoxException.badData(
          "data.pattern '%s' fits none of the %d files below %s, e.g. %s"
              .formatted(config.pattern(), ignored.size(), config.root(), ignored.getFirst()));
    }
    if (config.label() != null) {
      utterances.forEach(utterance -> Fold.field(utterance, config.label()));
    }
    return new DataSet(utterances, Fold.of(config.split(), utterances), "", List.copyOf(ignored));
  }

  /// Refuses recordings that are not there, folds that have nothing to pretrain on, and those that
  /// classifiers cannot use.
  ///
  /// @param classifiers whether labels are needed
  /// @throws DuovoxException (BAD_DATA) with the recordings or the fold
  void requireUsable(DataConfig config, boolean classifiers) {
    requireAudio(config);
    if (classifiers) {
      Fold.requireLabels(folds, utterances, config.label());
    }
    Set<Map.Entry<String, String>> wanted = config.pretrainWhere().entrySet();
    for (Fold fold : folds) {
      if (utterances.stream()
          .map(Utterance::fields)
          .noneMatch(f -> fold.training().test(f) && f.entrySet().containsAll(wanted))) {
        throw DuovoxException.badData(
            "data.pretrain_where: no training utterance of fold %s has %s; they have %s"
                .formatted(fold.name(), new TreeMap<>(config.pretrainWhere()), fields(config)));
      }
    }
  }

  /// Refuses more missing recordings than an extraction leaves out.
  private void requireAudio(DataConfig config) {
    List<Utterance> missing =
        utterances.stream()
            .filter(u -> !u.problem().isEmpty() || !Files.isReadable(u.audio()))
            .toList();
    double allowed = ExtractionOptions.MAX_BAD_FRACTION;
    if (missing.size() > allowed * utterances.size()) {
      throw DuovoxException.badData(
          "data.root %s: %d of %d recordings are not there or cannot be read; a share of %s may be:%s"
              .formatted(
                  config.root(),
                  missing.size(),
                  utterances.size(),
                  allowed,
                  missing.stream()
                      .limit(LISTED)
                      .map(u -> "\n  %s: %s".formatted(u.id(), reason(u)))
                      .collect(Collectors.joining())));
    }
  }

  private static String reason(Utterance utterance) {
    return utterance.problem().isEmpty()
        ? "cannot read " + Printable.of(utterance.audio())
        : utterance.problem();
  }

  /// Returns the values of the fields that are asked for, the first few of each.
  private Map<String, List<String>> fields(DataConfig config) {
    Map<String, List<String>> values = new TreeMap<>();
    for (String field : config.pretrainWhere().keySet()) {
      values.put(
          field,
          utterances.stream()
              .map(u -> u.fields().getOrDefault(field, "(not there)"))
              .distinct()
              .sorted()
              .limit(LISTED)
              .toList());
    }
    return values;
  }

  private static List<Utterance> withFields(
      Manifest manifest, FileNamePattern pattern, List<String> ignored) {
    List<Utterance> utterances = new ArrayList<>();
    for (Utterance utterance : manifest.utterances()) {
      Optional<Map<String, String>> fields = pattern.read(utterance.id());
      if (fields.isEmpty()) {
        ignored.add(utterance.id());
        continue;
      }
      Map<String, String> all = new TreeMap<>(utterance.fields());
      all.putAll(fields.get());
      utterances.add(utterance.with(utterance.id(), all));
    }
    return utterances;
  }

  /// Returns one SHA-256 over ids, fields and the bytes of every audio file.
  static String hash(List<Utterance> utterances) {
    Hashes.Builder hash = Hashes.builder();
    Map<Path, String> sums = new HashMap<>(); // Many utterances may be parts of one long file.
    for (Utterance utterance : utterances) {
      hash.add(utterance.id()).add(utterance.fields().toString());
      hash.add(
          sums.computeIfAbsent(
              utterance.audio(),
              file ->
                  utterance.problem().isEmpty()
                          && Files.isRegularFile(file)
                          && Files.isReadable(file)
                      ? Hashes.sha256(file)
                      : "missing"));
    }
    return hash.finish();
  }

  /// Reads fields from file names: `{digit}_{speaker}_{index}` finds digit, speaker and index in
  /// `7_jackson_32`.
  ///
  /// A field is one or more characters without `/`, as few as fit; everything else stands for
  /// itself.
  record FileNamePattern(String text, Pattern regex, List<String> fields) {
    private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)}");

    /// Compiles a pattern.
    ///
    /// @throws DuovoxException (BAD_CONFIG) when it has no field, or one twice
    static FileNamePattern of(String text) {
      Matcher field = FIELD.matcher(text);
      StringBuilder regex = new StringBuilder();
      List<String> fields = new ArrayList<>();
      int end = 0;
      while (field.find()) {
        if (fields.contains(field.group(1))) {
          throw DuovoxException.config(
              "data.pattern '%s': {%s} stands twice".formatted(text, field.group(1)));
        }
        fields.add(field.group(1));
        regex
            .append(Pattern.quote(text.substring(end, field.start())))
            .append("(?<")
            .append(field.group(1))
            .append(">[^/]+?)");
        end = field.end();
      }
      if (fields.isEmpty()) {
        throw DuovoxException.config(
            "data.pattern '%s' has no field; write e.g. {digit}_{speaker}_{index}".formatted(text));
      }
      regex.append(Pattern.quote(text.substring(end)));
      return new FileNamePattern(text, Pattern.compile(regex.toString()), List.copyOf(fields));
    }

    /// Reads the fields of an utterance's id, which is its path without extension. A pattern
    /// without `/` reads the file name only. Empty when the id does not fit.
    Optional<Map<String, String>> read(String id) {
      String name = text.contains("/") ? id : id.substring(id.lastIndexOf('/') + 1);
      Matcher matcher = regex.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Map<String, String> values = new TreeMap<>();
      fields.forEach(field -> values.put(field, matcher.group(field)));
      return Optional.of(values);
    }
  }
}
