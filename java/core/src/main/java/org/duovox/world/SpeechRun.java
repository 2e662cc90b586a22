package org.duovox.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.duovox.DuovoxException;
import org.duovox.audio.Audio;
import org.duovox.audio.AudioLoader;
import org.duovox.audio.PcmWav;
import org.duovox.units.SplitMix;
import org.duovox.world.SpeechListener.Forecast;
import org.duovox.world.voice.Speaker;
import org.duovox.world.voice.Spoken;
import org.duovox.world.voice.Spoken.Span;
import org.duovox.world.voice.Voice;

/// Speaks the files of a plan, several at a time, but those that are there already.
final class SpeechRun {
  private static final int COUNTED_TEXTS = 500;
  private static final int PROBES = 4;
  // What is silent before and after a text lasts as long as so many letters.
  private static final double SILENCE_LETTERS = 6;
  // No word that a network can read is shorter.
  private static final int SHORTEST_CUT = AudioLoader.SAMPLE_RATE / 20;
  private static final double NOISE_SMOOTHING = 0.9;

  private final SpeechPlan plan;
  private final SpeechFolder folder;
  private final Speaker speaker;
  private final WorldConfig.Speech config;
  private final AtomicInteger next = new AtomicInteger();
  private final LinkedBlockingQueue<Object> events = new LinkedBlockingQueue<>();
  private volatile boolean stopped;

  /// @param config pauses and noise
  SpeechRun(SpeechPlan plan, SpeechFolder folder, Speaker speaker, WorldConfig.Speech config) {
    this.plan = plan;
    this.folder = folder;
    this.speaker = speaker;
    this.config = config;
  }

  /// Speaks everything that is not there.
  ///
  /// @param workers programs side by side
  void run(int workers, SpeechListener listener) {
    int total = plan.size();
    int left = total - folder.found();
    if (left > 0) {
      Forecast forecast = forecast(workers);
      listener.planned(forecast);
      requireRoom(forecast);
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(workers, left); i++) {
      // A program that a killed command has left may still write, but not into this file.
      Path raw = folder.work("raw-%d-%d.wav".formatted(ProcessHandle.current().pid(), i));
      Path part = folder.work("part-" + i + ".wav");
      threads.add(Thread.ofPlatform().daemon().name("speech-" + i).start(() -> work(raw, part)));
    }
    try {
      await(folder.found(), total, listener);
    } finally {
      stopped = true;
      if (next.get() < total) {
        speaker.close(); // Ends what the threads wait for.
      }
      join(threads);
    }
  }

  private void await(int found, int total, SpeechListener listener) {
    int done = found;
    listener.spoken(done, total);
    while (done < total) {
      try {
        Object event = events.poll(100, TimeUnit.MILLISECONDS);
        done += event instanceof Integer ? 1 : 0;
        listener.spoken(done, total);
        if (event instanceof RuntimeException failure) {
          throw failure;
        }
        if (event instanceof Error failure) {
          throw failure;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        listener.spoken(done, total); // Tells how to end.
        throw (CancellationException) new CancellationException("interrupted").initCause(e);
      }
    }
  }

  private static void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Path raw, Path part) {
    try {
      for (int i = next.getAndIncrement();
          i < plan.size() && !stopped;
          i = next.getAndIncrement()) {
        if (!folder.has(i)) {
          speak(i, raw, part);
          events.add(i);
        }
      }
    } catch (RuntimeException | Error e) {
      events.add(e);
    }
  }

  private void speak(int index, Path raw, Path part) {
    Job job = plan.job(index);
    Spoken spoken = speak(job, raw);
    float[] samples = spoken.samples();
    List<Integer> times = List.of();
    if (job.cut() >= 0) {
      samples = cut(job, spoken);
    } else {
      times = millis(spoken.tokens());
    }
    addNoise(samples, job.noise());
    Path file = folder.out().resolve(job.file());
    try {
      Files.createDirectories(file.getParent());
      Files.write(part, PcmWav.bytes(new Audio(samples, AudioLoader.SAMPLE_RATE)));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      folder.add(new SpeechFolder.Entry(index, samples.length, times));
    } catch (IOException e) {
      throw DuovoxException.io("cannot write " + file, e);
    }
  }

  private Spoken speak(Job job, Path raw) {
    return speaker
        .speak(job.voice(), job.sentence().tokens(), job.rate(), job.pitch(), raw)
        .withLongerPauses(config.pauseMs() / 1000.0);
  }

  private static float[] cut(Job job, Spoken spoken) {
    boolean known = spoken.tokens().get(job.cut()).isKnown();
    float[] samples = known ? spoken.cut(job.cut()) : new float[0];
    if (samples.length < SHORTEST_CUT) {
      throw DuovoxException.unavailable(
          "%s: cannot tell where '%s' is in '%s': %s. Choose another voice, other forms (text.lists), or test.tokens=0"
              .formatted(
                  job.voice().label(),
                  Sentence.bare(job.sentence().tokens().get(job.cut())),
                  job.sentence().text(),
                  known
                      ? "it would be shorter than 50 ms"
                      : "its pauses are not those of the text"));
    }
    return samples;
  }

  private static List<Integer> millis(List<Span> spans) {
    List<Integer> times = new ArrayList<>();
    for (Span span : spans) {
      times.add(span.isKnown() ? (int) Math.round(1000 * span.start()) : -1);
      times.add(span.isKnown() ? (int) Math.round(1000 * span.end()) : -1);
    }
    return times;
  }

  /// Adds noise with more low than high frequencies, as rooms have, at the signal-to-noise ratio of
  /// the settings.
  private void addNoise(float[] samples, long seed) {
    if (config.snr() == null) {
      return;
    }
    SplitMix random = SplitMix.of(seed);
    double[] noise = new double[samples.length];
    double last = 0;
    double noisePower = 0;
    double power = 0;
    for (int i = 0; i < noise.length; i++) {
      last = NOISE_SMOOTHING * last + random.nextGaussian();
      noise[i] = last;
      noisePower += last * last;
      power += samples[i] * samples[i];
    }
    double wanted = power / StrictMath.pow(10, config.snr() / 10);
    double scale = noisePower == 0 ? 0 : Math.sqrt(wanted / noisePower);
    for (int i = 0; i < noise.length; i++) {
      samples[i] += (float) (scale * noise[i]);
    }
  }

  /// Speaks some texts of each voice, and counts the letters of some more.
  private Forecast forecast(int workers) {
    int step = Math.max(1, plan.size() / COUNTED_TEXTS);
    double all = 0;
    double allKept = 0;
    Map<Voice, List<Job>> probes = new LinkedHashMap<>();
    for (int i = 0; i < plan.size(); i += step) {
      Job job = plan.job(i);
      all += step * length(job.sentence().text());
      allKept += step * keptLength(job);
      List<Job> some = probes.computeIfAbsent(job.voice(), voice -> new ArrayList<>());
      if (some.size() < PROBES) {
        some.add(job);
      }
    }
    Probe probe = new Probe();
    probes.values().forEach(jobs -> jobs.forEach(probe::speak));
    double audioSeconds = allKept * probe.audioSeconds / probe.letters;
    double left = (double) (plan.size() - folder.found()) / plan.size();
    int cores = Math.min(workers, Runtime.getRuntime().availableProcessors());
    return new Forecast(
        plan.size(),
        folder.found(),
        audioSeconds,
        (long) (audioSeconds * 2 * AudioLoader.SAMPLE_RATE),
        left * all * probe.seconds / probe.letters / cores);
  }

  private static double length(String text) {
    return SILENCE_LETTERS + text.length();
  }

  private static double keptLength(Job job) {
    return job.cut() < 0
        ? length(job.sentence().text())
        : job.sentence().tokens().get(job.cut()).length();
  }

  /// What some texts have taken.
  private final class Probe {
    private double letters;
    private double audioSeconds;
    private double seconds;

    void speak(Job job) {
      long begin = System.nanoTime();
      Spoken spoken = SpeechRun.this.speak(job, folder.work("probe.wav"));
      seconds += (System.nanoTime() - begin) / 1e9;
      audioSeconds += (double) spoken.samples().length / AudioLoader.SAMPLE_RATE;
      letters += length(job.sentence().text());
    }
  }

  private void requireRoom(Forecast forecast) {
    try {
      long free = Files.getFileStore(folder.out()).getUsableSpace();
      double needed =
          (double) forecast.bytes() * (forecast.files() - forecast.found()) / forecast.files();
      if (needed > free) {
        throw DuovoxException.cannotCreate(
            "%s: about %d MiB are needed and %d MiB are free; make room, choose another disk, or fewer 'utterances'"
                .formatted(folder.out(), (long) needed >> 20, free >> 20),
            null);
      }
    } catch (IOException e) {
      throw DuovoxException.io("cannot ask how much room there is in " + folder.out(), e);
    }
  }
}
