package org.duovox.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.duovox.audio.Audio;

/// Synthetic speech for tests: four tones that rise or fall.
final class Melodies {
  private static final int RATE = 16_000;

  private Melodies() {}

  /// Rising and falling melodies with noise, every third one for testing, and one file that is no
  /// audio.
  static Path write(Path folder, int takes) throws IOException {
    List<String> lines = new ArrayList<>();
    Random random = new Random(5);
    for (int take = 0; take < takes; take++) {
      for (String melody : List.of("rise", "fall")) {
        String id = melody + take;
        writeWav(folder.resolve(id + ".wav"), melody(melody.equals("rise"), random));
        lines.add(
            "{\"id\": \"%s\", \"audio\": \"%s.wav\", \"melody\": \"%s\", \"split\": \"%s\"}"
                .formatted(id, id, melody, take % 3 == 0 ? "test" : "train"));
      }
    }
    Files.writeString(folder.resolve("broken.wav"), "not audio");
    lines.add(
        "{\"id\": \"broken\", \"audio\": \"broken.wav\", \"melody\": \"rise\", \"split\":"
            + " \"train\"}");
    return Files.write(folder.resolve("melodies.jsonl"), lines);
  }

  private static Audio melody(boolean rises, Random random) {
    float[] samples = new float[RATE / 2];
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      int note = 4 * i / samples.length;
      phase += 2 * Math.PI * 300 * Math.pow(1.5, rises ? note : 3 - note) / RATE;
      samples[i] = (float) (0.3 * Math.sin(phase) + 0.02 * random.nextGaussian());
    }
    return new Audio(samples, RATE);
  }

  /// Writes 16-bit samples of one channel.
  static void writeWav(Path target, Audio audio) throws IOException {
    float[] samples = audio.samples();
    ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : samples) {
      int rounded = Math.round(sample * 32768f);
      bytes.putShort((short) Math.clamp(rounded, Short.MIN_VALUE, Short.MAX_VALUE));
    }
    AudioFormat format = new AudioFormat(audio.sampleRate(), 16, 1, true, false);
    Files.createDirectories(target.toAbsolutePath().getParent());
    AudioSystem.write(
        new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, samples.length),
        AudioFileFormat.Type.WAVE,
        target.toFile());
  }
}
