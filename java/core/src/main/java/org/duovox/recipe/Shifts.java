package org.duovox.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.duovox.DuovoxException;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.manifest.Utterance;
import org.duovox.speech.extract.UtteranceLoader;

/// Copies of every utterance with some silence in front: the same speech at other positions of the
/// coarse frame grid.
///
/// An 80 ms grid cuts a word differently depending on where it starts. Training reads all copies; a
/// classifier reads all copies of a test utterance and averages its log-probabilities.
record Shifts(List<Integer> milliseconds) {
  private static final int LONGEST = 1000;

  Shifts {
    milliseconds = milliseconds == null ? List.of() : List.copyOf(milliseconds);
    boolean inRange = milliseconds.stream().allMatch(shift -> shift >= 1 && shift <= LONGEST);
    if (!inRange || Set.copyOf(milliseconds).size() < milliseconds.size()) {
      throw DuovoxException.config(
          "data.shifts_ms: must be different whole numbers from 1 to %d, but is %s"
              .formatted(LONGEST, milliseconds));
    }
  }

  /// Returns the utterances, each followed by its copies.
  List<Utterance> expand(List<Utterance> utterances) {
    List<Utterance> all = new ArrayList<>();
    for (Utterance utterance : utterances) {
      all.add(utterance);
      for (int shift : milliseconds) {
        Map<String, String> fields = new TreeMap<>(utterance.fields());
        fields.put(DataConfig.SHIFT_FIELD, Integer.toString(shift));
        fields.put(Utterance.COPY_OF, utterance.id());
        all.add(utterance.with(utterance.id() + "+" + shift + "ms", fields));
      }
    }
    return all;
  }

  /// Returns a loader that puts the silence of a copy in front of its audio.
  static UtteranceLoader loader(AudioLoader files) {
    return utterance -> {
      Audio audio = files.load(utterance);
      String shift = utterance.fields().get(DataConfig.SHIFT_FIELD);
      return shift == null ? audio : shifted(audio, Integer.parseInt(shift));
    };
  }

  private static Audio shifted(Audio audio, int milliseconds) {
    int silence = (int) ((long) audio.sampleRate() * milliseconds / 1000);
    float[] samples = new float[silence + audio.samples().length];
    System.arraycopy(audio.samples(), 0, samples, silence, audio.samples().length);
    return new Audio(samples, audio.sampleRate());
  }
}
