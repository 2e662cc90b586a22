package org.duovox.speech.extract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.duovox.DuovoxException;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Manifest;
import org.duovox.io.atomic.AtomicFiles;
import org.duovox.io.json.Json;
import org.duovox.speech.Encoder;
import org.duovox.speech.features.FeatureManifest;
import org.duovox.speech.features.ShardIndex;

/// Extracts one block of a manifest into a part, a folder of its own that is merged with the others
/// later.
///
/// Running it again costs little: a finished part of the same manifest and settings is verified and
/// left alone, a damaged one and one whose audio has changed are made again, one of another
/// manifest or other settings is refused.
public final class ShardedExtraction {
  private ShardedExtraction() {}

  /// The outcome for a part.
  ///
  /// @param folder of the part
  /// @param manifest of the part
  /// @param verified whether it was there already
  /// @param redone why a part that was there was made again; "" otherwise
  public record Result(Path folder, FeatureManifest manifest, boolean verified, String redone) {}

  /// Makes a part below `out`.
  ///
  /// @param replace whether a part of another manifest or other settings may be replaced
  /// @throws DuovoxException of kind BAD_CONFIG when `out` holds parts that do not fit, BAD_DATA
  ///   when this block alone has more unusable utterances than the whole manifest may have
  public static Result run(
      Manifest manifest,
      AudioLoader loader,
      Encoder encoder,
      ExtractionOptions options,
      ShardIndex shard,
      Path out,
      boolean replace,
      ExtractionListener listener) {
    requireSameCount(out, shard);
    Extraction.Block whole = Extraction.Block.of(manifest);
    ShardRecord record = ShardRecord.of(shard, whole, encoder, options);
    Path folder = shard.folder(out);
    Optional<String> fault =
        Files.exists(folder) ? fault(folder, record, replace) : Optional.of("");
    if (fault.isEmpty()) {
      return new Result(folder, FeatureManifest.read(folder), true, "");
    }
    Extraction.Block block =
        new Extraction.Block(shard.of(manifest.utterances()), manifest.source(), manifest.size());
    FeatureManifest written =
        new Extraction(UtteranceLoader.files(loader), encoder, options, listener)
            .writeFeatures(
                block,
                folder,
                files ->
                    AtomicFiles.write(
                        files.resolve(ShardRecord.FILE), Json.pretty(record.withFiles(files))));
    return new Result(folder, written, false, fault.get());
  }

  /// Why a part that is there must be made again; empty when it is as it should be.
  private static Optional<String> fault(Path folder, ShardRecord wanted, boolean replace) {
    ShardRecord found;
    try {
      found = ShardRecord.read(folder);
    } catch (DuovoxException e) {
      return Optional.of(e.getMessage());
    }
    String difference = found.difference(wanted);
    if (!difference.isEmpty() && replace) {
      return Optional.of("it was made from or with " + difference);
    }
    if (!difference.isEmpty()) {
      throw DuovoxException.config(
          "%s was made from or with %s; replace it with --replace, or name another --out"
              .formatted(folder, difference));
    }
    if (!found.audioSha256().equals(wanted.audioSha256())) {
      return Optional.of("its audio files have changed since");
    }
    try {
      found.verify(folder);
      return Optional.empty();
    } catch (DuovoxException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static void requireSameCount(Path out, ShardIndex shard) {
    if (Files.isRegularFile(out.resolve(FeatureManifest.FILE))) {
      throw DuovoxException.config(
          out + " is a finished feature set; name another --out for the parts of a sharded run");
    }
    for (Path part : ShardIndex.parts(out)) {
      int count = ShardIndex.ofFolder(part).orElseThrow().count();
      if (count != shard.count()) {
        throw DuovoxException.config(
            "%s holds a part of %d (%s), this one is of %d; remove it or name another --out"
                .formatted(out, count, part.getFileName(), shard.count()));
      }
    }
  }
}
