package org.duovox.audio.manifest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.duovox.DuovoxException;
import org.duovox.DuovoxException.Kind;
import org.duovox.io.FileKind;
import org.duovox.io.FolderAccess;
import org.duovox.io.Problems;
import org.duovox.io.json.Json;
import tools.jackson.databind.JsonNode;

/// A list of utterances: what to extract features from.
///
/// Forms:
/// - a **folder**: all audio files in it and below, links followed but for loops, ordered by id;
///   the id is the relative path without its extension, with `/`. Audio is what ends in `wav wave
///   flac ogg oga opus mp3 m4a mp4 aac aif aiff au caf w64 wma webm mka amr sph`; other files, and
///   names that begin with a dot, are passed over.
/// - fairseq **`.tsv`**: the first line is the root (relative to the manifest's folder if not
///   absolute), then `relative/path<TAB>samples` per line; ids as above.
/// - **`.jsonl`**: one object per line with `audio` (or `path`, `audio_filepath`, or else
///   `file_name`) relative to the manifest's folder, and if wanted `id` (or `utt_id`); `offset`,
///   `duration` and `channel` make it an [Excerpt] of its file, whose id without one of its own is
///   the file's with `@0.5-1.75` behind it; all keys but path and id are kept as
///   [Utterance#fields()]. Keys of other tools that would change what is read are refused.
///
/// Refused with file and line: a path that leaves its root unless [PathRules] allow it (`..`,
/// absolute, a symbolic link), an id twice, a manifest without utterances. That a file is missing,
/// or a link in a folder leads out of it, is told when it is loaded.
///
/// @param utterances in the order of the source, at least one
/// @param source what was read, for messages
public record Manifest(List<Utterance> utterances, String source) {

  public Manifest {
    utterances = List.copyOf(utterances);
    requireUnique(utterances, source);
    if (utterances.isEmpty()) {
      throw DuovoxException.badData(
          source + ": holds no utterance. Name a folder with audio files or a manifest");
    }
  }

  /// Reads a folder, a `.tsv` or a `.jsonl` file; what lies outside of its root is refused.
  public static Manifest read(Path source) {
    return read(source, PathRules.STRICT);
  }

  /// Reads a folder, a `.tsv` or a `.jsonl` file.
  ///
  /// @param rules which files it may name, and where they lie
  public static Manifest read(Path source, PathRules rules) {
    if (!Files.exists(source)) {
      FolderAccess.requireOpen(source);
      throw DuovoxException.missing("no such manifest or folder: " + source);
    }
    if (Files.isDirectory(source)) {
      return new Manifest(ManifestFolder.list(source, rules), source.toString());
    }
    FileKind.requireText(source, "a manifest");
    String name = source.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".tsv")) {
      return new Manifest(ManifestLines.tsv(source, rules), source.toString());
    }
    if (name.endsWith(".jsonl")) {
      return new Manifest(ManifestLines.jsonl(source, rules), source.toString());
    }
    throw DuovoxException.badData(
        source
            + ": not a manifest: "
            + (name.endsWith(".json") ? json(source) : "")
            + "expected a folder, a .tsv (fairseq) or a .jsonl file");
  }

  /// What a JSON file is that cannot be a manifest.
  private static String json(Path source) {
    JsonNode tree = Json.tree(source);
    boolean transcript =
        tree.propertyStream().anyMatch(e -> ExcerptKeys.isTranscript(e.getKey(), e.getValue()));
    return transcript
        ? "it is a transcript in parts, as Whisper writes them. " + ExcerptKeys.LINE_FOR_EACH + "; "
        : "it is one JSON value; write one object per line into a .jsonl file; ";
  }

  /// The audio files and folders that a user names one by one; the id of a file is its name without
  /// the extension.
  ///
  /// @param rules where links in the folders may lead
  public static Manifest of(List<Path> sources, PathRules rules) {
    List<Utterance> utterances = new ArrayList<>();
    for (Path source : sources) {
      if (Files.isDirectory(source)) {
        utterances.addAll(ManifestFolder.list(source, rules));
      } else {
        utterances.add(ManifestFolder.named(source.getFileName(), source));
      }
    }
    return new Manifest(utterances, "the files named");
  }

  /// Refuses files that a symbolic link leads out of a folder, unless the rules allow it.
  ///
  /// @throws DuovoxException of kind BAD_DATA that lists them
  public void requireInside(Path folder, PathRules rules) {
    Problems problems = new Problems();
    for (Utterance utterance : utterances) {
      String outside = rules.outside(folder, utterance.audio());
      if (!outside.isEmpty()) {
        problems.add(outside);
      }
    }
    problems.throwIfAny(Kind.BAD_DATA, source + ": audio lies elsewhere");
  }

  /// Returns the number of utterances.
  public int size() {
    return utterances.size();
  }

  private static void requireUnique(List<Utterance> utterances, String source) {
    Map<String, Path> seen = new HashMap<>();
    for (Utterance utterance : utterances) {
      if (!utterance.problem().isEmpty()) {
        continue; // It will not be read, so that its id names nothing.
      }
      Path other = seen.putIfAbsent(utterance.id(), utterance.audio());
      if (other != null) {
        throw DuovoxException.badData(
            source
                + ": two utterances have the id \""
                + utterance.id()
                + "\": "
                + other
                + " and "
                + utterance.audio()
                + ". Rename one, or give ids in a .jsonl manifest");
      }
    }
  }
}
