package org.duovox.speech.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.duovox.DuovoxException;

/// The number of one of N contiguous blocks of a manifest, as `--shard i/N` names it. Block i goes
/// from round(total / N * i) to round(total / N * (i + 1)), as fairseq cuts its manifests (halves
/// to even).
///
/// @param index from 0, as ranks are counted
/// @param count number of blocks
public record ShardIndex(int index, int count) {
  private static final int MAX_COUNT = 99_999;
  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");
  private static final Pattern FOLDER = Pattern.compile("(\\d{5})-of-(\\d{5})");

  /// The folder below an output folder that holds one folder per block.
  public static final String FOLDER_OF_PARTS = "shards";

  public ShardIndex {
    if (count < 1 || count > MAX_COUNT || index < 0 || index >= count) {
      throw DuovoxException.usage(
          "--shard %d/%d: i counts from 0 to N-1, and N is 1 to %d: the first of %d is 0/%d"
              .formatted(index, count, MAX_COUNT, Math.max(1, count), Math.max(1, count)));
    }
  }

  /// Parses "i/N".
  public static ShardIndex parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw DuovoxException.usage(
          "--shard wants i/N with i from 0 to N-1, such as 0/7, but is \"" + text + "\"");
    }
    return new ShardIndex(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /// Returns the block that a folder is named for; empty for another name.
  public static Optional<ShardIndex> ofFolder(Path folder) {
    Matcher matcher = FOLDER.matcher(folder.getFileName().toString());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int index = Integer.parseInt(matcher.group(1));
    int count = Integer.parseInt(matcher.group(2));
    return index < count ? Optional.of(new ShardIndex(index, count)) : Optional.empty();
  }

  /// Returns the items of this block.
  public <T> List<T> of(List<T> items) {
    return items.subList(bound(items.size(), index), bound(items.size(), index + 1));
  }

  private int bound(int total, int i) {
    return (int) Math.rint(total / (double) count * i);
  }

  /// Returns the folder of this block below an output folder.
  public Path folder(Path out) {
    return out.resolve(FOLDER_OF_PARTS).resolve("%05d-of-%05d".formatted(index, count));
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }

  /// Lists the folders of the blocks below an output folder, in order; none when it has no such
  /// folders.
  public static List<Path> parts(Path out) {
    Path parts = out.resolve(FOLDER_OF_PARTS);
    if (!Files.isDirectory(parts)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(parts)) {
      return paths.filter(path -> ofFolder(path).isPresent()).sorted().toList();
    } catch (IOException e) {
      throw DuovoxException.io("cannot list " + parts, e);
    }
  }
}
