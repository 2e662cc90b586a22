package org.duovox.slu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.duovox.config.Settings;
import org.junit.jupiter.api.Test;

final class SluConfigTest {
  @Test
  void aDraftKeepsEverySettingAndTheDefaultsAreThoseDocumented() {
    List<String> settings =
        Stream.of(
                "mode=probe",
                "steps=1",
                "epochs=2",
                "batch_size=3",
                "learning_rate=0.5",
                "warmup_fraction=0.25",
                "weight_decay=4",
                "clip=5",
                "dropout=0.125",
                "label_smoothing=0.0625",
                "unit_noise.phonetic=0.1",
                "pooling=max",
                "report_every=6",
                "slots=7",
                "threads=8",
                "seed=9",
                "checkpoints.keep=10",
                "guards.part_mib=11")
            .map(setting -> "slu." + setting)
            .toList();
    SluConfig config =
        Settings.read(null, settings, List.of("slu"))
            .section("slu", SluConfig.class, SluConfig.defaults());
    assertEquals(config, config.with(draft -> {}));
    String shared =
        " unitNoise=UnitNoise[contextual=0.0, phonetic=0.0], pooling=MEAN, reportEvery=50, slots=3,"
            + " threads=0, seed=0,";
    assertEquals(
        "SluConfig[mode=FINETUNE, steps=0, epochs=30, batchSize=16, learningRate=5.0E-4,"
            + " warmupFraction=0.1, weightDecay=0.01, clip=1.0, dropout=0.1, labelSmoothing=0.1,"
            + shared,
        text(SluConfig.defaults()));
    assertEquals(
        "SluConfig[mode=PROBE, steps=0, epochs=50, batchSize=64, learningRate=0.01,"
            + " warmupFraction=0.1, weightDecay=0.01, clip=0.0, dropout=0.0, labelSmoothing=0.0,"
            + shared,
        text(SluConfig.probe()));
  }

  private static String text(SluConfig config) {
    return config.toString().replaceFirst(" checkpoints.*", "");
  }
}
