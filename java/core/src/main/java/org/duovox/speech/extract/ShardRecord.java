package org.duovox.speech.extract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.Versions;
import org.duovox.audio.manifest.Utterance;
import org.duovox.io.Hashes;
import org.duovox.io.json.Json;
import org.duovox.speech.Encoder;
import org.duovox.speech.SkippedUtterance;
import org.duovox.speech.features.FeatureEntry;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.FeatureSet;
import org.duovox.speech.features.ShardIndex;

/// `shard.json` of a part of a sharded extraction: which block of which manifest it holds, how it
/// was made, and the sums of its files.
///
/// @param format "duovox-feature-shard"
/// @param version 1
/// @param index from 0
/// @param count number of parts
/// @param total utterances of the whole manifest
/// @param source the manifest, for messages
/// @param manifestSha256 sum over ids, paths and fields of the whole manifest
/// @param audioSha256 sum over sizes and times of the block's audio files
/// @param settings all settings that determine the bytes, by name
/// @param maxBadFraction share of the whole manifest that may be unusable
/// @param files sums of the part's small files, by name; those of its tensor files are in
///   `manifest.json`
record ShardRecord(
    String format,
    int version,
    int index,
    int count,
    int total,
    String source,
    String manifestSha256,
    String audioSha256,
    Map<String, String> settings,
    double maxBadFraction,
    Map<String, String> files) {
  static final String FILE = "shard.json";
  private static final String FORMAT = "duovox-feature-shard";
  private static final List<String> FILES =
      List.of(FeatureManifest.FILE, FeatureEntry.FILE, SkippedUtterance.FILE);

  ShardRecord {
    settings = settings == null ? Map.of() : new TreeMap<>(settings);
    files = files == null ? Map.of() : new TreeMap<>(files);
  }

  /// The record of a part before its files are written.
  static ShardRecord of(
      ShardIndex shard, Extraction.Block whole, Encoder encoder, ExtractionOptions options) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("duovox", Versions.DUOVOX);
    settings.put("encoder", encoder.name());
    settings.put("weights_sha256", encoder.weightsSha256());
    settings.put("normalisation", encoder.normalization());
    settings.put("chunking", options.chunking(encoder));
    settings.put("layers", Json.line(options.layers()));
    settings.put("batch_seconds", Double.toString(options.batchSeconds()));
    settings.put("shard_bytes", Long.toString(options.shardBytes()));
    return new ShardRecord(
        FORMAT,
        1,
        shard.index(),
        shard.count(),
        whole.total(),
        whole.source(),
        manifestSum(whole.utterances()),
        audioSum(shard.of(whole.utterances())),
        settings,
        options.maxBadFraction(),
        Map.of());
  }

  private static String manifestSum(List<Utterance> utterances) {
    Hashes.Builder sum = Hashes.builder();
    for (Utterance utterance : utterances) {
      sum.add(utterance.id());
      sum.add(utterance.audio().toAbsolutePath().normalize().toString());
      sum.add(Json.line(utterance.fields()));
    }
    return sum.finish();
  }

  private static String audioSum(List<Utterance> utterances) {
    Hashes.Builder sum = Hashes.builder();
    for (Utterance utterance : utterances) {
      try {
        sum.add(
            Files.size(utterance.audio())
                + " "
                + Files.getLastModifiedTime(utterance.audio()).toMillis());
      } catch (IOException e) {
        sum.add("missing");
      }
    }
    return sum.finish();
  }

  static ShardRecord read(Path folder) {
    Path file = folder.resolve(FILE);
    ShardRecord record = Json.read(file, ShardRecord.class);
    if (!FORMAT.equals(record.format()) || record.version() != 1) {
      throw DuovoxException.badData(
          "%s: is %s version %d, not %s version 1"
              .formatted(file, record.format(), record.version(), FORMAT));
    }
    return record;
  }

  /// The same with the sums of the files in a folder.
  ShardRecord withFiles(Path folder) {
    Map<String, String> sums = new TreeMap<>();
    FILES.forEach(name -> sums.put(name, Hashes.sha256(folder.resolve(name))));
    return new ShardRecord(
        format,
        version,
        index,
        count,
        total,
        source,
        manifestSha256,
        audioSha256,
        settings,
        maxBadFraction,
        sums);
  }

  /// Compares the sums of all files of a finished part.
  ///
  /// @throws DuovoxException of kind BAD_DATA or MISSING_INPUT that says what is damaged
  void verify(Path folder) {
    for (String name : FILES) {
      if (!Hashes.sha256(folder.resolve(name)).equals(files.get(name))) {
        throw DuovoxException.badData(
            folder.resolve(name) + " has not the SHA-256 of " + FILE + ": it is damaged");
      }
    }
    try (FeatureSet set = FeatureSet.open(folder)) {
      set.verify();
    }
  }

  /// What differs between this part and another of the same run, in words; "" when nothing does.
  String difference(ShardRecord other) {
    if (!manifestSha256.equals(other.manifestSha256) || total != other.total) {
      return "another manifest: %s (%d utterances) against %s (%d)"
          .formatted(source, total, other.source, other.total);
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String theirs = other.settings.get(setting.getKey());
      if (!setting.getValue().equals(theirs)) {
        return "other settings: %s %s against %s"
            .formatted(setting.getKey(), setting.getValue(), theirs);
      }
    }
    return "";
  }
}
