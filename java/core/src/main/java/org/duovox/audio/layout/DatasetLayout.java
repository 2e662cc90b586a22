package org.duovox.audio.layout;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.duovox.DuovoxException;
import org.duovox.audio.manifest.Manifest;
import org.duovox.io.FolderAccess;
import org.duovox.io.Suggestions;

/// The published layouts of data sets that are read as they come: folders as unpacked from the
/// publishers' archives.
///
/// All fill the fields `split`, `speaker` and `text` as far as the data set has them; sets for
/// understanding fill `intent` and `slots` (a JSON object: the type of a slot to its words, to a
/// list where it occurs more than once).
public enum DatasetLayout {
  /// LibriSpeech: `SPLIT/SPEAKER/CHAPTER/ID.flac` with `SPEAKER-CHAPTER.trans.txt`.
  LIBRISPEECH(LibriSpeech::read),
  /// Fluent Speech Commands: `data/{train,valid,test}_data.csv` and `wavs/speakers/SPEAKER/ID.wav`;
  /// fields `action`, `object`, `location`, and `intent` of all three.
  FLUENT_SPEECH_COMMANDS(FluentSpeechCommands::read),
  /// SLURP: `dataset/slurp/*.jsonl`, audio in `slurp_real` and `slurp_synth`; fields `scenario` and
  /// `action`.
  SLURP(Slurp::read),
  /// SNIPS, spoken (close or far field): `dataset.json` and `speech_corpus/metadata.json`, or
  /// `training_dataset.json`, `test_dataset.json` and `metadata.json`.
  SNIPS(SnipsSpoken::read),
  /// Audio SNIPS, synthesized, as s3prl prepares it: `{train,valid,test}/ID.wav` and
  /// `all.iob.snips.txt`.
  AUDIO_SNIPS(AudioSnips::read);

  private final Function<Path, LayoutEntries> reader;

  DatasetLayout(Function<Path, LayoutEntries> reader) {
    this.reader = reader;
  }

  /// Returns the layout of this name, such as `fluent-speech-commands`.
  ///
  /// @throws DuovoxException of kind BAD_CONFIG with the nearest known name
  public static DatasetLayout of(String name) {
    List<String> names = Arrays.stream(values()).map(DatasetLayout::label).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw DuovoxException.config(
          "unknown layout \"%s\"; %sknown are %s"
              .formatted(
                  name,
                  Suggestions.nearest(name, names)
                      .map(near -> "did you mean \"" + near + "\"? ")
                      .orElse(""),
                  String.join(", ", names)));
    }
    return values()[index];
  }

  /// Returns the name in recipes and on the command line.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Returns the names of all layouts, for help.
  public static String labels() {
    return Arrays.stream(values()).map(DatasetLayout::label).collect(Collectors.joining(", "));
  }

  /// Reads a data set: its labels and which audio files there are, no audio.
  ///
  /// @param root its folder; ids are paths below it without the extension
  /// @throws DuovoxException of kind MISSING_INPUT for a folder of another layout and for audio
  ///   that is missing, BAD_DATA that lists all that is wrong with file and line
  public Manifest read(Path root) {
    if (!Files.isDirectory(root)) {
      FolderAccess.requireOpen(root);
      throw DuovoxException.missing("no such folder: " + root);
    }
    return reader.apply(root.toAbsolutePath().normalize()).manifest();
  }
}
